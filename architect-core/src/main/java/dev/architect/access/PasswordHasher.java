package dev.architect.access;

/**
 * How passwords are kept: as a text in the PHC string format, which names the algorithm and its parameters, from which the password cannot be
 * computed but by trying. Takes tenths of a second on purpose, on the caller's thread. Safe for use by several threads.
 */
public interface PasswordHasher {

    /** Returns what to keep of {@code password}; another text each time. */
    String hash(String password);

    /** Whether {@code kept} was made of {@code password}; false when this hasher does not know its algorithm. */
    boolean matches(String password, String kept);

    /** Whether {@code kept} was made in another way than {@link #hash} does it now, so that it is to be replaced at the next login. */
    boolean isOutdated(String kept);
}
