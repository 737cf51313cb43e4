package dev.architect.provider.perplexity;

import dev.architect.provider.http.Exchange;

/**
 * The text of a Sonar answer as it comes. Models that think may put their thoughts first, between {@code <think>} and {@code
 * </think>}; no other text is looked into. Used by one thread.
 */
final class SonarText {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

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

    SonarText(Exchange exchange) {
        this.exchange = exchange;
        this.place = SonarWire.thinks(exchange.model().model()) ? Place.START : Place.TEXT;
    }

    /** Adds the next piece. */
    void add(String piece) {
        raw.append(piece);
        held.append(piece);
        tell();
    }

    /** Adds what is missing of the text so far; nothing when it goes another way. */
    void upTo(String soFar) {
        if (soFar.length() > raw.length() && soFar.startsWith(raw.toString())) {
            add(soFar.substring(raw.length()));
        }
    }

    /** Tells what was held back for what might have followed. */
    void end() {
        if (place == Place.THOUGHTS) {
            exchange.reason(held.toString());
        } else {
            exchange.say(held.toString());
        }
        held.setLength(0);
    }

    private void tell() {
        if (place == Place.START && held.length() >= OPEN.length()) {
            boolean thinks = held.indexOf(OPEN) == 0;
            held.delete(0, thinks ? OPEN.length() : 0);
            place = thinks ? Place.THOUGHTS : Place.TEXT;
        } else if (place == Place.START && !OPEN.startsWith(held.toString())) {
            place = Place.TEXT;
        }
        if (place == Place.THOUGHTS) {
            thoughts();
        }
        if (place == Place.AFTER_THOUGHTS) {
            int blanks = 0;
            while (blanks < held.length() && Character.isWhitespace(held.charAt(blanks))) {
                blanks++;
            }
            held.delete(0, blanks);
            place = held.isEmpty() ? Place.AFTER_THOUGHTS : Place.TEXT;
        }
        if (place == Place.TEXT) {
            exchange.say(held.toString());
            held.setLength(0);
        }
    }

    private void thoughts() {
        int close = held.indexOf(CLOSE);
        int sure = close >= 0 ? close : Math.max(0, held.length() - CLOSE.length() + 1);
        exchange.reason(held.substring(0, sure));
        held.delete(0, close >= 0 ? close + CLOSE.length() : sure);
        place = close >= 0 ? Place.AFTER_THOUGHTS : Place.THOUGHTS;
    }
}
