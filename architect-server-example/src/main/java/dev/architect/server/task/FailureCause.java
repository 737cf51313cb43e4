package dev.architect.server.task;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.StopReason;
import dev.architect.server.rest.EnumWords;
import dev.architect.task.TaskResult;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a task did not succeed, in words that are the same for all tasks that failed alike: without numbers, ids and what was quoted. */
final class FailureCause {

    private static final int MAX_CHARACTERS = 100;
    private static final Pattern EXCEPTION = Pattern.compile("^(?:[\\w.$]*(?:Exception|Error): )+");
    private static final Pattern DETAIL = Pattern.compile("(?<=.{10})(?:: |; |, expected | \\().*");
    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
    private static final Pattern ID =
            Pattern.compile("\\b(?=[0-9a-zA-Z-]*[0-9])(?=[0-9a-zA-Z-]*[a-zA-Z])[0-9a-zA-Z-]{10,}\\b");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d[\\d.,:]*(?![\\w])");

    private FailureCause() {}

    /** Returns the cause of a task with this result and these calls, oldest first; empty for one that did not fail. */
    static Optional<String> of(TaskResult result, List<LedgerEntry> calls) {
        if (result.error().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> ending = result.stopReason().flatMap(FailureCause::ending);
        if (ending.isPresent()) {
            return ending;
        }
        if (!calls.isEmpty()) {
            LedgerEntry last = calls.get(calls.size() - 1);
            if (last.outcome() == CallOutcome.FAILED && last.failure().isPresent()) {
                String kind = EnumWords.of(last.failure().orElseThrow()).replace('-', ' ');
                return Optional.of(kind + ", " + last.route().requested().provider());
            }
        }
        return result.error().map(FailureCause::normal);
    }

    private static Optional<String> ending(StopReason reason) {
        return switch (reason) {
            case LENGTH -> Optional.of("answer cut at its token limit");
            case REFUSED -> Optional.of("answer refused by the model");
            default -> Optional.empty();
        };
    }

    /** What the first line of an error begins with, without the name of an exception, and with a place-holder for each of what differs between errors of one kind. */
    static String normal(String error) {
        String line = error.strip().lines().findFirst().orElse("").strip();
        if (line.isEmpty()) {
            return "failed without a word";
        }
        String plain = DETAIL.matcher(EXCEPTION.matcher(line).replaceFirst("")).replaceFirst("");
        String same = QUOTED.matcher(plain).replaceAll("'…'");
        same = ID.matcher(same).replaceAll("…");
        same = NUMBER.matcher(same).replaceAll("n");
        return same.codePointCount(0, same.length()) <= MAX_CHARACTERS
                ? same
                : same.substring(0, same.offsetByCodePoints(0, MAX_CHARACTERS - 1)) + "…";
    }
}
