package dev.architect.router.execution;

/** How many calls a request has made. Used by one thread. */
final class CallCount {

    private int count;

    /** One more call is made. */
    void add() {
        count++;
    }

    int count() {
        return count;
    }
}
