package dev.architect.server.passkey;

/** The answer of a passkey is not taken. Its reason is for the log: who logs in is told the same for all. */
final class PasskeyRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** Creates it; {@code reason} is a word or several with dashes. */
    PasskeyRefusal(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
