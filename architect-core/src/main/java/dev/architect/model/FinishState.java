package dev.architect.model;

/** How a request for an answer ended, whatever became of single calls. */
public enum FinishState {
    /** With a whole answer of one call. */
    COMPLETE,
    /** With a whole answer, although a call broke after a part of its answer had come: a later call continued or repeated it. */
    RESCUED,
    /**
     * With a failure after a part of an answer had come. The part is no answer; {@link
     * dev.architect.error.ArchitectException#partialText()} of the failure has it.
     */
    PARTIAL_ERROR
}
