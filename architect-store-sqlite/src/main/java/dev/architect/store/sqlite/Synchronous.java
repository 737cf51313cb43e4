package dev.architect.store.sqlite;

/** How durable a commit is when the caller gets its result. The file stays undamaged either way. */
public enum Synchronous {
    /** It is on the disk: neither a crash of the process nor a power cut loses it. */
    FULL,
    /**
     * It is with the operating system: a crash of the process loses nothing, a power cut or a crash of the machine may lose
     * the last commits although they were acknowledged. Faster, because no commit waits for the disk.
     */
    NORMAL;

    private static final int NORMAL_NUMBER = 1;
    private static final int FULL_NUMBER = 2;

    /** Returns the mode of SQLite's own number. */
    static Synchronous ofPragma(int number) {
        return switch (number) {
            case NORMAL_NUMBER -> NORMAL;
            case FULL_NUMBER -> FULL;
            default ->
                throw new IllegalStateException("PRAGMA synchronous is " + number + ", expected " + NORMAL_NUMBER
                        + " (NORMAL) or " + FULL_NUMBER + " (FULL)");
        };
    }
}
