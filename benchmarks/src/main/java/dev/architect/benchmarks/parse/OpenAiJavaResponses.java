package dev.architect.benchmarks.parse;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;

/** {@code openai-java} with Responses. */
final class OpenAiJavaResponses implements Contestant {

    private final ResponseCreateParams request =
            ResponseCreateParams.builder().model("model").input("Go on.").build();
    private final OpenAIClient ofWhole;
    private final OpenAIClient ofStream;

    OpenAiJavaResponses(Wire wire) {
        ofWhole = OpenAiJava.client(wire.whole());
        ofStream = OpenAiJava.client(wire.stream());
    }

    @Override
    public Parsed whole() {
        Response answer = ofWhole.responses().create(request);
        StringBuilder text = new StringBuilder();
        answer.output()
                .forEach(item -> item.message()
                        .ifPresent(message -> message.content()
                                .forEach(part -> part.outputText().ifPresent(output -> text.append(output.text())))));
        return new Parsed(text.toString(), answer.usage().orElseThrow().inputTokens());
    }

    @Override
    public Parsed stream() {
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
        return new Parsed(text.toString(), promptTokens[0]);
    }
}
