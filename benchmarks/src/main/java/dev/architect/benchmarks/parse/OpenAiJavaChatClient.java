package dev.architect.benchmarks.parse;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** {@code openai-java} with Chat Completions. */
final class OpenAiJavaChatClient implements ClientUnderTest {

    private final ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
            .model("model")
            .addUserMessage("Go on.")
            .build();
    private final OpenAIClient ofResponse;
    private final OpenAIClient ofStream;

    OpenAiJavaChatClient(WireSample wire) {
        ofResponse = OpenAiJavaClientFactory.client(wire.response());
        ofStream = OpenAiJavaClientFactory.client(wire.stream());
    }

    @Override
    public ParsedAnswer response() {
        ChatCompletion answer = ofResponse.chat().completions().create(request);
        return new ParsedAnswer(
                answer.choices().get(0).message().content().orElseThrow(),
                answer.usage().orElseThrow().promptTokens());
    }

    @Override
    public ParsedAnswer stream() {
        StringBuilder text = new StringBuilder();
        long[] promptTokens = {-1};
        try (StreamResponse<ChatCompletionChunk> stream =
                ofStream.chat().completions().createStreaming(request)) {
            stream.stream().forEach(chunk -> {
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
                chunk.usage().ifPresent(usage -> promptTokens[0] = usage.promptTokens());
            });
        }
        return new ParsedAnswer(text.toString(), promptTokens[0]);
    }
}
