/* parts.c: the rooms of the program: their statements and routes, named once. */
#include "server/server.h"

#include "alarm/alarm.h"
#include "app/frame.h"
#include "attach/attach_data.h"
#include "booking/booking_bulk.h"
#include "booklet/booklet.h"
#include "calendar/busy.h"
#include "calendar/calendar.h"
#include "chat/chat_room.h"
#include "contact/contact.h"
#include "contact/file.h"
#include "demo/demo.h"
#include "directory/directory_edit.h"
#include "editor/codes.h"
#include "editor/editor.h"
#include "erase/erase.h"
#include "exchange/exchange.h"
#include "figure/figure.h"
#include "gaps/gaps.h"
#include "group/group_room.h"
#include "info/info.h"
#include "manage/manage.h"
#include "matter/day.h"
#include "matter/fact.h"
#include "matter/merge.h"
#include "outbox/outbox.h"
#include "publish/publish.h"
#include "purge/purge.h"
#include "reception/reception_room.h"
#include "remote/remote.h"
#include "reply/reply.h"
#include "report/report.h"
#include "slot/slot.h"
#include "team/team.h"
#include "tray/tray.h"
#include "work/file.h"
#include "work/work.h"

#define COUNT(table) (sizeof table / sizeof *table)

const struct stmt_table *const all_statements[] = {
    &auth_statements,
    &directory_statements,
    &matter_statements,
    &queue_statements,
    &day_statements,
    &seal_statements,
    &offer_statements,
    &consult_statements,
    &first_contact_statements,
    &erase_statements,
    &erase_room_statements,
    &figure_statements,
    &figure_all_statements,
    &figure_recount_statements,
    &publish_statements,
    &purge_statements,
    &fact_statements,
    &merge_statements,
    &merge_find_statements,
    &team_statements,
    &team_settings_statements,
    &team_owner_statements,
    &team_rule_statements,
    &presence_statements,
    &sign_in_statements,
    &password_statements,
    &key_statements,
    &keeper_statements,
    &demo_statements,
    &demo_people_statements,
    &demo_hand_statements,
    &demo_tray_statements,
    &demo_merge_statements,
    &demo_alarm_statements,
    &demo_calendar_statements,
    &demo_times_statements,
    &demo_visits_statements,
    &gaps_statements,
    &directory_kept_statements,
    &editor_statements,
    &booklet_statements,
    &viewer_statements,
    &tray_statements,
    &tray_report_statements,
    &directory_history_statements,
    &directory_take_statements,
    &attach_statements,
    &reply_statements,
    &alarm_statements,
    &alarm_ahead_statements,
    &alarm_ack_statements,
    &chat_statements,
    &chat_channel_statements,
    &chat_keep_statements,
    &chat_figure_statements,
    &outbox_statements,
    &outbox_send_statements,
    &outbox_list_statements,
    &calendar_statements,
    &calendar_import_statements,
    &import_types_statements,
    &plan_statements,
    &plan_web_statements,
    &busy_statements,
    &booking_statements,
    &hold_statements,
    &booking_caps_statements,
    &booking_freed_statements,
    &booking_keep_statements,
    &booking_bulk_statements,
    &booking_verify_statements,
    &group_statements,
    &group_book_statements,
    &remote_statements,
    &remote_keep_statements,
    &reception_statements,
    &manage_statements,
    &report_event_statements,
    &report_visit_statements,
    &report_export_statements,
    &half_year_statements,
};
const size_t all_statements_n = COUNT(all_statements);

const struct route_table *const all_routes[] = {
    &ops_routes,
    &info_routes,
    &directory_routes,
    &team_routes,
    &password_routes,
    &work_queue_routes,
    &work_matter_routes,
    &work_viewer_routes,
    &work_consult_routes,
    &work_new_routes,
    &work_overview_routes,
    &work_team_routes,
    &work_routing_routes,
    &work_day_routes,
    &work_merge_routes,
    &contact_routes,
    &status_routes,
    &exchange_routes,
    &entry_routes,
    &addition_routes,
    &editor_desk_routes,
    &editor_word_routes,
    &editor_account_routes,
    &booklet_routes,
    &tray_list_routes,
    &tray_report_routes,
    &tray_person_routes,
    &tray_routes,
    &reply_routes,
    &alarm_routes,
    &alarm_ack_routes,
    &chat_routes,
    &chat_act_routes,
    &figure_routes,
    &half_year_routes, /* before waits of a rule: the first that fits */
    &waits_to_routes,
    &publish_routes,
    &purge_edit_routes, /* before the pages of one plan: "new" is no plan */
    &purge_routes,
    &chat_figure_routes,
    &chat_desk_routes,
    &contact_file_routes,
    &work_file_routes,
    &outbox_routes,
    &calendar_routes,
    &plan_edit_routes,
    &slot_routes,
    &booking_routes,
    &booking_own_routes,
    &booking_staff_routes,
    &booking_desk_routes,
    &group_routes,
    &group_staff_routes,
    &remote_routes,
    &remote_say_routes,
    &remote_staff_routes,
    &reception_routes,
    &reception_visit_routes,
    &reception_arrival_routes,
    &reception_figure_routes,
    &screen_routes,
    &feed_routes,
    &visit_list_routes,
    &manage_routes,
    &demo_routes,
};
const size_t all_routes_n = COUNT(all_routes);

void parts_read(void)
{
    attach_data();
    dir_policy();
    editor_codes();
    matter_data();
    fact_data();
    figure_data_read();
    publish_data_read();
    purge_data();
    merge_rules();
    tray_data();
    alarm_data();
    chat_data();
    reception_data();
    group_data();
    booking_data();
    outbox_read();
    report_data_read();
}

enum { COUNTED_AT_MOST = 100 };

void parts_waits(struct rq *rq)
{
    rq->page.waits.consults = consults_count_for(rq->a, rq->db, &rq->session);
    rq->page.waits.arrived = reception_waits(rq->db, &rq->session, rq->now);
    rq->page.waits.plans = plan_tasks_count(rq->db, &rq->session);
    rq->page.waits.alarms = alarm_count(rq->db, &rq->session, rq->now, COUNTED_AT_MOST);
}
