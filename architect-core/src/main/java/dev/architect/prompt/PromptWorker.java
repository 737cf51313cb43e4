package dev.architect.prompt;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.util.Set;

/** Answers tasks of type {@code prompt} through the router: the payload is a chat request as JSON. */
public final class PromptWorker implements Worker {

    /** Creates a worker. */
    public PromptWorker() {}

    @Override
    public Set<String> types() {
        return Set.of(TaskRequest.PROMPT);
    }

    /** Rejects fields that this version does not know, so that a mistyped one is noticed before anything is stored. */
    @Override
    public void check(TaskRequest request) {
        if (!request.attributes().isEmpty()) {
            throw new IllegalArgumentException("attributes of a prompt task are "
                    + request.attributes().keySet() + ", expected none: settings stand in the payload");
        }
        ChatRequestCodec.read(request.payload());
    }

    /**
     * Returns the text of the answer.
     *
     * @throws dev.architect.chat.RejectedAnswerException when the request does not accept it
     */
    @Override
    public String perform(TaskContext context) {
        ChatRequest request = PromptTasks.requestOf(context.request());
        ChatResponse answer = context.chat(request);
        request.accepted().check(answer);
        return answer.text();
    }
}
