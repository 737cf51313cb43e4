package dev.architect.server.live;

/** The way to one client. Safe for use by several threads. */
interface LiveSink {

    /**
     * Sends a message.
     *
     * @param onEnd is called once, on any thread, when the client has taken it, with true, or when it never will, with false
     */
    void send(LiveMessage message, OnEnd onEnd);

    /** Closes in order, and runs {@code onClosed} when the client was told, or cannot be. */
    void close(int code, String reason, Runnable onClosed);

    /** Cuts the connection. */
    void disconnect();

    /** The end of a message. */
    @FunctionalInterface
    interface OnEnd {
        void ended(boolean isTaken);
    }
}
