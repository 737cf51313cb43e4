package dev.architect.benchmarks.call;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;

/** A client that asks one model and returns the text of its answer; with its defaults, but for address, key and model. */
interface CallClient extends AutoCloseable {

    String PROMPT = "Write a hello world function in Java.";

    /** Asks for the whole answer. */
    String whole() throws Exception;

    /** Asks for a stream, and returns its pieces joined. */
    String streamed() throws Exception;

    @Override
    void close();

    /** Architect: routed among two models, priced, and in the ledger of the store in memory before the answer is returned. */
    static CallClient architect(URI address) {
        List<ModelPolicy> models = List.of(
                ModelPolicy.builder("openai/" + AnswerServer.model(), 90, 100_000)
                        .build(),
                ModelPolicy.builder("openai/dearer", 95, 100_000).build());
        Architect architect = Architect.builder()
                .store(new InMemoryStore(TimeSource.system()))
                .router(CostAwareRouter.with(RoutingPolicy.builder(ModelId.parse("openai/dearer"), models)
                                .build())
                        .prices(Prices.parse("""
                                version: benchmark
                                base: none
                                currency: USD
                                prices:
                                  - {provider: openai, model: instant, usdPerMillionTokens: {input: 1, output: 2}, source: made up, checked: 2026-11-01}
                                  - {provider: openai, model: dearer, usdPerMillionTokens: {input: 3, output: 9}, source: made up, checked: 2026-11-01}
                                """)))
                .provider(OpenAiProvider.builder(name -> Optional.of("key"))
                        .api(OpenAiApi.CHAT_COMPLETIONS)
                        .baseUrl(URI.create(address + "/v1"))
                        .build())
                .withoutTaskExecution()
                .build();
        ChatRequest request = ChatRequest.of(PROMPT);
        return new CallClient() {
            @Override
            public String whole() {
                return architect.chat(request).text();
            }

            @Override
            public String streamed() {
                StringBuilder text = new StringBuilder();
                architect.chat(request, text::append);
                return text.toString();
            }

            @Override
            public void close() {
                architect.close();
            }
        };
    }

    /** LangChain4j's models of OpenAI. */
    static CallClient langChain4j(URI address) {
        OpenAiChatModel whole = OpenAiChatModel.builder()
                .baseUrl(address + "/v1")
                .apiKey("key")
                .modelName(AnswerServer.model())
                .build();
        OpenAiStreamingChatModel streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(address + "/v1")
                .apiKey("key")
                .modelName(AnswerServer.model())
                .build();
        return new CallClient() {
            @Override
            public String whole() {
                return whole.chat(PROMPT);
            }

            @Override
            public String streamed() throws Exception {
                CompletableFuture<String> end = new CompletableFuture<>();
                StringBuffer text = new StringBuffer();
                streaming.chat(PROMPT, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        text.append(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(text.toString());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                });
                return end.get();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /** Spring AI's model of OpenAI. */
    static CallClient springAi(URI address) {
        org.springframework.ai.openai.OpenAiChatModel model = org.springframework.ai.openai.OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("key")
                        .model(AnswerServer.model())
                        .build())
                .build();
        return new CallClient() {
            @Override
            public String whole() {
                return String.valueOf(model.call(PROMPT));
            }

            @Override
            public String streamed() {
                StringBuilder text = new StringBuilder();
                model.stream(new Prompt(PROMPT))
                        .doOnNext(piece -> {
                            if (piece.getResult() != null
                                    && piece.getResult().getOutput().getText() != null) {
                                text.append(piece.getResult().getOutput().getText());
                            }
                        })
                        .blockLast();
                return text.toString();
            }

            @Override
            public void close() {
                // Nothing can be closed.
            }
        };
    }
}
