package dev.architect.benchmarks.postgres;

/**
 * What a task carries that does nothing.
 *
 * @param bytes its length, two or more
 */
record Payload(int bytes) {

    /** Two bytes. */
    static final Payload SHORT = new Payload(2);

    String text() {
        return "ok" + "x".repeat(bytes - 2);
    }
}
