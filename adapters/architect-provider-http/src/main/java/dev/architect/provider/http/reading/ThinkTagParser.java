package dev.architect.provider.http.reading;

/**
 * The text of an answer that may begin with thoughts between {@code <think>} and {@code </think>}, as models write it whose
 * server does not tell thoughts from text. The thoughts and the text go to the exchange apart, without the tags and the blanks
 * around them; only the beginning is looked into. Used by one thread.
 */
public final class ThinkTagParser {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";
    private static final int MOST_BLANKS = 100;

    private final Exchange exchange;
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder held = new StringBuilder();
    private Place place;

    private enum Place {
        START,
        THOUGHTS,
        AFTER_THOUGHTS,
        TEXT
    }

    private ThinkTagParser(Exchange exchange, Place place) {
        this.exchange = exchange;
        this.place = place;
    }

    /** Returns a text that may begin with thoughts. */
    public static ThinkTagParser of(Exchange exchange) {
        return new ThinkTagParser(exchange, Place.START);
    }

    /** Returns a text that has no thoughts: what looks like a tag is text. */
    public static ThinkTagParser withoutThoughts(Exchange exchange) {
        return new ThinkTagParser(exchange, Place.TEXT);
    }

    /** Adds the next piece. What may be the beginning of a tag is held back until more is known. */
    public void add(String piece) {
        raw.append(piece);
        held.append(piece);
        tell();
    }

    /** Adds what is missing of the text so far, tags included; nothing when it goes another way. */
    public void upTo(String soFar) {
        if (soFar.length() > raw.length() && soFar.startsWith(raw.toString())) {
            add(soFar.substring(raw.length()));
        }
    }

    /** Tells what was held back. Nothing comes after it. */
    public void end() {
        if (place == Place.THOUGHTS) {
            exchange.reason(held.toString());
        } else {
            exchange.say(held.toString());
        }
        held.setLength(0);
    }

    /** Whether nothing has come. */
    public boolean isEmpty() {
        return raw.isEmpty();
    }

    private void tell() {
        if (place == Place.START) {
            start();
        }
        if (place == Place.THOUGHTS) {
            thoughts();
        }
        if (place == Place.AFTER_THOUGHTS) {
            held.delete(0, blanks());
            place = held.isEmpty() ? Place.AFTER_THOUGHTS : Place.TEXT;
        }
        if (place == Place.TEXT) {
            exchange.say(held.toString());
            held.setLength(0);
        }
    }

    private void start() {
        int from = blanks();
        int length = Math.min(held.length() - from, OPEN.length());
        if (from > MOST_BLANKS || !OPEN.startsWith(held.substring(from, from + length))) {
            place = Place.TEXT;
        } else if (length == OPEN.length()) {
            held.delete(0, from + length);
            place = Place.THOUGHTS;
        }
    }

    private void thoughts() {
        int close = held.indexOf(CLOSE);
        int sure = close >= 0 ? close : Math.max(0, held.length() - CLOSE.length() + 1);
        exchange.reason(held.substring(0, sure));
        held.delete(0, close >= 0 ? close + CLOSE.length() : sure);
        place = close >= 0 ? Place.AFTER_THOUGHTS : Place.THOUGHTS;
    }

    private int blanks() {
        int blanks = 0;
        while (blanks < held.length() && Character.isWhitespace(held.charAt(blanks))) {
            blanks++;
        }
        return blanks;
    }
}
