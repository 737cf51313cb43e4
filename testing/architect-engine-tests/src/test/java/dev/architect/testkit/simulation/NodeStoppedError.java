package dev.architect.testkit.simulation;

/** Ends a thread of a node that has crashed: nothing that it does has an effect any more. */
final class NodeStoppedError extends Error {

    private static final long serialVersionUID = 1L;

    NodeStoppedError() {
        // One is thrown for each thread of each crash: without a stack trace, which nobody reads.
        super("the node of this thread has crashed", null, false, false);
    }
}
