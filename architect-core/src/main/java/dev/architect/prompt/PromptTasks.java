package dev.architect.prompt;

import dev.architect.chat.ChatRequest;
import dev.architect.check.Check;
import dev.architect.task.TaskRequest;

/** Turns chat requests into durable tasks and back. Thread safe: it has no state. */
public final class PromptTasks {

    private PromptTasks() {}

    /**
     * Returns a task that sends {@code request}, with everything it holds, through the router; the output of the task is the
     * text of the answer. Which answers count as success is {@link ChatRequest#accepted}.
     *
     * @throws IllegalArgumentException when the request has more than {@link TaskRequest#MAX_PAYLOAD_CHARACTERS} as JSON: use a
     *     link in place of large media
     */
    public static TaskRequest of(ChatRequest request) {
        String payload = ChatRequestCodec.write(Check.notNull("request", request));
        if (payload.length() > TaskRequest.MAX_PAYLOAD_CHARACTERS) {
            throw new IllegalArgumentException("request has " + payload.length()
                    + " characters as JSON, expected at most " + TaskRequest.MAX_PAYLOAD_CHARACTERS);
        }
        return TaskRequest.of(TaskRequest.PROMPT, payload);
    }

    /**
     * Returns the request that a task of type {@link TaskRequest#PROMPT} sends. Fields of a newer version are ignored.
     *
     * @throws IllegalArgumentException when the payload is no such request; the message names field, value and expectation
     */
    public static ChatRequest requestOf(TaskRequest task) {
        return ChatRequestCodec.readLenient(Check.notNull("task", task).payload());
    }
}
