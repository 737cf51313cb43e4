package dev.architect.server.task;

import dev.architect.prompt.PromptTasks;
import dev.architect.task.TaskRequest;
import java.util.Optional;

/** The first words of a prompt, by which people know a task again. */
public final class TaskTitle {

    private static final int MAX_CHARACTERS = 80;
    private static final int MIN_CHARACTERS = 40;

    private TaskTitle() {}

    /** Returns up to 80 characters in one line; empty for a task without a prompt, or whose request another version wrote. */
    public static Optional<String> of(TaskRequest request) {
        if (!request.type().equals(TaskRequest.PROMPT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(shorten(PromptTasks.requestOf(request).prompt())).filter(title -> !title.isEmpty());
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** Characters that would break the line or change its direction become blanks. */
    static String shorten(String prompt) {
        String start = prompt.substring(0, Math.min(prompt.length(), MAX_CHARACTERS * 8));
        String line = start.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\p{Z}]+", " ").strip();
        if (line.codePointCount(0, line.length()) <= MAX_CHARACTERS && start.length() == prompt.length()) {
            return line;
        }
        int end = line.offsetByCodePoints(0, Math.min(MAX_CHARACTERS - 1, line.codePointCount(0, line.length())));
        int blank = line.lastIndexOf(' ', end);
        String words = line.substring(0, blank >= MIN_CHARACTERS ? blank : end).strip();
        return words.isEmpty() ? words : words + "…";
    }
}
