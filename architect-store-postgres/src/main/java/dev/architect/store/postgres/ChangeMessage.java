package dev.architect.store.postgres;

import dev.architect.spi.Store.ChangeKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * The text of a notification: the number of the store that sent it, then the first letters of what may have happened, or the number of a
 * canary by which a store finds out whether notifications reach it.
 *
 * @param sender a number that no other open store has
 * @param kinds what may have happened; empty for a canary
 * @param canary counts the canaries of the sender from 1; zero for a change
 */
record ChangeMessage(long sender, Set<ChangeKind> kinds, long canary) {

    private static final char SEPARATOR = ':';

    ChangeMessage {
        kinds = Set.copyOf(kinds);
    }

    static ChangeMessage canary(long sender, long number) {
        return new ChangeMessage(sender, Set.of(), number);
    }

    static ChangeMessage change(long sender, Set<ChangeKind> kinds) {
        return new ChangeMessage(sender, kinds, 0);
    }

    /** Reads a text. One that is not understood, of a newer version for example, is of an unknown sender and means that anything may be. */
    static ChangeMessage parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        try {
            long sender = Long.parseUnsignedLong(text.substring(0, Math.max(0, separator)), 16);
            String what = text.substring(separator + 1);
            if (what.startsWith("#")) {
                return canary(sender, Long.parseLong(what.substring(1)));
            }
            Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
            for (ChangeKind kind : ChangeKind.values()) {
                if (what.indexOf(letter(kind)) >= 0) {
                    kinds.add(kind);
                }
            }
            return change(sender, kinds.isEmpty() ? EnumSet.allOf(ChangeKind.class) : kinds);
        } catch (NumberFormatException unknown) {
            return change(0, EnumSet.allOf(ChangeKind.class));
        }
    }

    String text() {
        StringBuilder text = new StringBuilder(Long.toHexString(sender)).append(SEPARATOR);
        if (canary > 0) {
            return text.append('#').append(canary).toString();
        }
        kinds.stream().sorted().forEach(kind -> text.append(letter(kind)));
        return text.toString();
    }

    private static char letter(ChangeKind kind) {
        return switch (kind) {
            case TASK_READY -> 'R';
            case TASK_ENDED -> 'E';
            case CANCEL_REQUESTED -> 'C';
            case CLUSTER -> 'M';
            case NODE -> 'N';
        };
    }
}
