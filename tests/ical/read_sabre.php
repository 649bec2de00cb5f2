<?php
// read_sabre.php: an iCalendar file from standard input as sabre-vobject reads it, as JSON.
error_reporting(E_ALL & ~E_DEPRECATED); // Debian's version is older than this PHP
require '/usr/share/php/Sabre/VObject/autoload.php';

// Version 2 takes "\\\\" and "\\n" out of a text and leaves "\\," and "\\;" to who reads the value: its own Compound::getParts()
// does what this does. (A backslash of the text's own before a comma cannot be told any more then.)
$text = fn($property) => strtr((string)$property, ['\\,' => ',', '\\;' => ';']);

$calendar = Sabre\VObject\Reader::read(stream_get_contents(STDIN));
$out = ['method' => (string)$calendar->METHOD, 'events' => [], 'faults' => count($calendar->validate())];
if ($calendar->{'X-WR-CALNAME'})
    $out['name'] = $text($calendar->{'X-WR-CALNAME'});
foreach ($calendar->VEVENT as $e) {
    $o = ['sequence' => (int)(string)$e->SEQUENCE];
    foreach (['start' => 'DTSTART', 'end' => 'DTEND', 'stamp' => 'DTSTAMP'] as $key => $name) {
        $t = $e->$name->getDateTime();
        $o[$key] = $t->format('Y-m-d\TH:i:s') . ($t->getTimezone()->getName() === 'UTC' ? 'Z' : '');
    }
    foreach (['UID', 'STATUS', 'SUMMARY', 'DESCRIPTION', 'LOCATION', 'URL', 'ORGANIZER', 'ATTENDEE'] as $name)
        if ($e->$name)
            $o[strtolower($name)] = $text($e->$name);
    if ($e->ATTENDEE && $e->ATTENDEE['RSVP'])
        $o['rsvp'] = (string)$e->ATTENDEE['RSVP'];
    if ($e->VALARM) {
        $before = $e->DTSTART->getDateTime()->getTimestamp() - $e->VALARM->getEffectiveTriggerTime()->getTimestamp();
        $o['alarm'] = intdiv($before, 60);
    }
    $out['events'][] = $o;
}
echo json_encode($out, JSON_THROW_ON_ERROR);
