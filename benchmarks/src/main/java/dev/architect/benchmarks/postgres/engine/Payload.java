package dev.architect.benchmarks.postgres.engine;

/**
 * What a task carries that does nothing.
 *
 * @param bytes its length, two or more
 */
public record Payload(int bytes) {

    /** Two bytes. */
    public static final Payload SHORT = new Payload(2);

    /** Its characters, of one byte each. */
    public String text() {
        return "ok" + "x".repeat(bytes - 2);
    }
}
