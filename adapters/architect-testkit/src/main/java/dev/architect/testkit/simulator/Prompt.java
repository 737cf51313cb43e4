package dev.architect.testkit.simulator;

/** Collects the texts of a request: their tokens, the last user message, and a number that stands for all of them. */
final class Prompt {

    private static final long PER_MESSAGE = 4;

    private long tokens;
    private long hash = 0x9E3779B97F4A7C15L;
    private String lastUser = "";

    /** Adds one message. */
    void add(String role, String text) {
        tokens += TokenCounts.of(text) + PER_MESSAGE;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ role.hashCode()) * 0x100000001B3L;
        if (role.equals("user")) {
            lastUser = text;
        }
    }

    long tokens() {
        return tokens;
    }

    long hash() {
        return hash;
    }

    String lastUser() {
        return lastUser;
    }
}
