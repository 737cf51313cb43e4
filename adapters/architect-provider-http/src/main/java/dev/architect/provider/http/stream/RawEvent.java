package dev.architect.provider.http.stream;

/** One event as it came over the line. */
public record RawEvent(String name, String data) {

    /** The name of an event that has none. */
    static final String UNNAMED = "message";
}
