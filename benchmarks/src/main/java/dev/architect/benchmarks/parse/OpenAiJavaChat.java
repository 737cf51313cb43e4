package dev.architect.benchmarks.parse;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** {@code openai-java} with Chat Completions. */
final class OpenAiJavaChat implements Contestant {

    private final ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
            .model("model")
            .addUserMessage("Go on.")
            .build();
    private final OpenAIClient ofWhole;
    private final OpenAIClient ofStream;

    OpenAiJavaChat(Wire wire) {
        ofWhole = OpenAiJava.client(wire.whole());
        ofStream = OpenAiJava.client(wire.stream());
    }

    @Override
    public Parsed whole() {
        ChatCompletion answer = ofWhole.chat().completions().create(request);
        return new Parsed(
                answer.choices().get(0).message().content().orElseThrow(),
                answer.usage().orElseThrow().promptTokens());
    }

    @Override
    public Parsed stream() {
        StringBuilder text = new StringBuilder();
        long[] promptTokens = {-1};
        try (StreamResponse<ChatCompletionChunk> stream =
                ofStream.chat().completions().createStreaming(request)) {
            stream.stream().forEach(chunk -> {
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
                chunk.usage().ifPresent(usage -> promptTokens[0] = usage.promptTokens());
            });
        }
        return new Parsed(text.toString(), promptTokens[0]);
    }
}
