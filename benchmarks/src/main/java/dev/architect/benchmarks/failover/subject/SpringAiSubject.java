package dev.architect.benchmarks.failover.subject;

import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/** Spring AI's model of OpenAI, which calls through {@code openai-java} and so retries as that does; no second model. */
final class SpringAiSubject implements Subject {

    private static final String PROMPT = "Describe a river.";

    private final OpenAiChatModel primary;
    private final OpenAiChatModel healthy;

    SpringAiSubject(SubjectSetup setup) {
        this.primary = model(setup, setup.primary());
        this.healthy = model(setup, SubjectSetup.HEALTHY);
    }

    private static OpenAiChatModel model(SubjectSetup setup, String model) {
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder()
                .baseUrl(setup.address() + "/v1")
                .apiKey("key")
                .model(model)
                .streamUsage(true);
        if (setup.settings() == SubjectSettings.COMPARABLE) {
            options = options.timeout(SubjectSettings.LIMIT).maxRetries(SubjectSettings.RETRIES);
        }
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    @Override
    public SubjectOutcome ask() {
        return ask(primary);
    }

    @Override
    public SubjectOutcome askHealthy() {
        return ask(healthy);
    }

    private static SubjectOutcome ask(OpenAiChatModel model) {
        Received received = new Received();
        try {
            model.stream(new Prompt(PROMPT)).doOnNext(received::add).blockLast();
            return SubjectOutcome.answered(received.text.toString(), received.model, received.outputTokens);
        } catch (RuntimeException failure) {
            return SubjectOutcome.failed(received.text.toString(), failure);
        }
    }

    /** Its HTTP client has no way to be closed; it ends with its last call. */
    @Override
    public void close() {
        // Nothing can be closed.
    }

    private static final class Received {
        private final StringBuffer text = new StringBuffer();
        private volatile Optional<String> model = Optional.empty();
        private volatile OptionalLong outputTokens = OptionalLong.empty();

        void add(ChatResponse piece) {
            if (piece.getResult() != null && piece.getResult().getOutput().getText() != null) {
                text.append(piece.getResult().getOutput().getText());
            }
            String named = piece.getMetadata().getModel();
            if (named != null && !named.isEmpty()) {
                model = Optional.of(named);
            }
            Integer tokens = piece.getMetadata().getUsage().getCompletionTokens();
            if (tokens != null && tokens > 0) {
                outputTokens = OptionalLong.of(tokens);
            }
        }
    }
}
