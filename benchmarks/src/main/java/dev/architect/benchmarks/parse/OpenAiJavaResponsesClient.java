package dev.architect.benchmarks.parse;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;

/** {@code openai-java} with Responses. */
final class OpenAiJavaResponsesClient implements ClientUnderTest {

    private final ResponseCreateParams request =
            ResponseCreateParams.builder().model("model").input("Go on.").build();
    private final OpenAIClient ofResponse;
    private final OpenAIClient ofStream;

    OpenAiJavaResponsesClient(WireSample wire) {
        ofResponse = OpenAiJavaClientFactory.client(wire.response());
        ofStream = OpenAiJavaClientFactory.client(wire.stream());
    }

    @Override
    public ParsedAnswer response() {
        Response answer = ofResponse.responses().create(request);
        StringBuilder text = new StringBuilder();
        answer.output()
                .forEach(item -> item.message()
                        .ifPresent(message -> message.content()
                                .forEach(part -> part.outputText().ifPresent(output -> text.append(output.text())))));
        return new ParsedAnswer(text.toString(), answer.usage().orElseThrow().inputTokens());
    }

    @Override
    public ParsedAnswer stream() {
        StringBuilder text = new StringBuilder();
        long[] promptTokens = {-1};
        try (StreamResponse<ResponseStreamEvent> stream = ofStream.responses().createStreaming(request)) {
            stream.stream().forEach(event -> {
                event.outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
                event.completed()
                        .flatMap(completed -> completed.response().usage())
                        .ifPresent(usage -> promptTokens[0] = usage.inputTokens());
            });
        }
        return new ParsedAnswer(text.toString(), promptTokens[0]);
    }
}
