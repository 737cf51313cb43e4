package dev.architect.provider.http.reading;

/**
 * Splits the text of an answer that may begin with reasoning between {@code <think>} and {@code </think>}, as models write it whose
 * server does not separate the two. Reasoning and text go to the exchange without the tags and the white space around them; only
 * the beginning of the text is parsed. Used by one thread.
 */
public final class ThinkTagParser {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";
    // White space before the tag is held back from the listener, so it needs a limit.
    private static final int MAX_BLANKS = 100;

    private final Exchange exchange;
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder held = new StringBuilder();
    private State state;

    private enum State {
        START,
        REASONING,
        AFTER_REASONING,
        TEXT
    }

    private ThinkTagParser(Exchange exchange, State state) {
        this.exchange = exchange;
        this.state = state;
    }

    /** Returns a parser of a text that may begin with reasoning. */
    public static ThinkTagParser create(Exchange exchange) {
        return new ThinkTagParser(exchange, State.START);
    }

    /** Returns a parser of a text without reasoning: what looks like a tag is text. */
    public static ThinkTagParser withoutReasoning(Exchange exchange) {
        return new ThinkTagParser(exchange, State.TEXT);
    }

    /** Appends the next delta. What may be the beginning of a tag is held back until more is known. */
    public void append(String delta) {
        raw.append(delta);
        held.append(delta);
        flush();
    }

    /** Appends what is missing of the text so far, tags included; nothing when that text differs. */
    public void appendUpTo(String soFar) {
        // A text that differs has been delivered already and cannot be taken back.
        if (soFar.length() > raw.length() && soFar.startsWith(raw.toString())) {
            append(soFar.substring(raw.length()));
        }
    }

    /** Appends what was held back. Nothing may come after it. */
    public void finish() {
        if (state == State.REASONING) {
            // A model that was cut off while it reasoned never closes its tag.
            exchange.appendReasoning(held.toString());
        } else {
            exchange.appendText(held.toString());
        }
        held.setLength(0);
    }

    /** Whether nothing has come. */
    public boolean isEmpty() {
        return raw.isEmpty();
    }

    private void flush() {
        // No case ends early: one delta may hold the opening tag, the reasoning, the closing tag and text.
        if (state == State.START) {
            start();
        }
        if (state == State.REASONING) {
            reasoning();
        }
        if (state == State.AFTER_REASONING) {
            held.delete(0, blanks());
            state = held.isEmpty() ? State.AFTER_REASONING : State.TEXT;
        }
        if (state == State.TEXT) {
            exchange.appendText(held.toString());
            held.setLength(0);
        }
    }

    private void start() {
        int from = blanks();
        int length = Math.min(held.length() - from, OPEN.length());
        if (from > MAX_BLANKS || !OPEN.startsWith(held.substring(from, from + length))) {
            state = State.TEXT;
        } else if (length == OPEN.length()) {
            held.delete(0, from + length);
            state = State.REASONING;
        }
    }

    private void reasoning() {
        int close = held.indexOf(CLOSE);
        // All but the last characters, which may be the beginning of the closing tag.
        int sure = close >= 0 ? close : Math.max(0, held.length() - CLOSE.length() + 1);
        exchange.appendReasoning(held.substring(0, sure));
        held.delete(0, close >= 0 ? close + CLOSE.length() : sure);
        state = close >= 0 ? State.AFTER_REASONING : State.REASONING;
    }

    private int blanks() {
        int blanks = 0;
        while (blanks < held.length() && Character.isWhitespace(held.charAt(blanks))) {
            blanks++;
        }
        return blanks;
    }
}
