package dev.architect.benchmarks.failover.subject;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.Optional;
import java.util.OptionalLong;

/** OpenAI's own client, which retries twice by default and has no second model. */
final class OpenAiJavaSubject implements Subject {

    private static final String PROMPT = "Describe a river.";

    private final OpenAIClient client;
    private final SubjectSetup setup;

    OpenAiJavaSubject(SubjectSetup setup) {
        this.setup = setup;
        OpenAIOkHttpClient.Builder builder =
                OpenAIOkHttpClient.builder().apiKey("key").baseUrl(setup.address() + "/v1");
        if (setup.settings() == SubjectSettings.COMPARABLE) {
            builder.timeout(SubjectSettings.LIMIT).maxRetries(SubjectSettings.RETRIES);
        }
        this.client = builder.build();
    }

    @Override
    public SubjectOutcome ask() {
        return ask(setup.primary());
    }

    @Override
    public SubjectOutcome askHealthy() {
        return ask(SubjectSetup.HEALTHY);
    }

    private SubjectOutcome ask(String model) {
        Received received = new Received();
        try {
            if (setup.dialect().equals("openai")) {
                chat(model, received);
            } else {
                respond(model, received);
            }
            return SubjectOutcome.answered(received.text.toString(), received.model, received.outputTokens);
        } catch (RuntimeException failure) {
            return SubjectOutcome.failed(received.text.toString(), failure);
        }
    }

    private void chat(String model, Received received) {
        ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(PROMPT)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request)) {
            stream.stream().forEach(chunk -> {
                received.model = Optional.of(chunk.model());
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(received.text::append));
                chunk.usage().ifPresent(usage -> received.outputTokens = OptionalLong.of(usage.completionTokens()));
            });
        }
    }

    private void respond(String model, Received received) {
        ResponseCreateParams request =
                ResponseCreateParams.builder().model(model).input(PROMPT).build();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(request)) {
            stream.stream().forEach(event -> {
                event.outputTextDelta().ifPresent(delta -> received.text.append(delta.delta()));
                event.completed().ifPresent(completed -> {
                    received.model = Optional.of(completed.response().model().asString());
                    completed
                            .response()
                            .usage()
                            .ifPresent(usage -> received.outputTokens = OptionalLong.of(usage.outputTokens()));
                });
            });
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class Received {
        private final StringBuilder text = new StringBuilder();
        private Optional<String> model = Optional.empty();
        private OptionalLong outputTokens = OptionalLong.empty();
    }
}
