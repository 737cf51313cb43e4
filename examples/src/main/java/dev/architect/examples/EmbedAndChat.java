package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Message;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Path;

/** Asks a question, prints who answered and what it cost, and streams the answer to a second question of the conversation. */
public final class EmbedAndChat {

    private EmbedAndChat() {}

    public static void main(String[] args) {
        SecretSource secrets = SecretSource.environment(); // ANTHROPIC_API_KEY and OPENAI_API_KEY
        ClaudeProvider.Builder claude = ClaudeProvider.builder(secrets);
        OpenAiProvider.Builder openAi = OpenAiProvider.builder(secrets);
        if (args.length > 0) { // The address of a simulator, in place of the vendors'.
            claude.baseUrl(URI.create(args[0] + "/claude"));
            openAi.baseUrl(URI.create(args[0] + "/openai/v1"));
        }
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(Path.of("chat.db")))
                .provider(claude.build())
                .provider(openAi.build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .build()) {

            ChatRequest question = ChatRequest.of("Write a hello world function");
            ChatResponse answer = architect.chat(question);
            System.out.println(answer.text());
            System.out.println(answer.model() + " cost " + answer.cost().spent());
            System.out.println(
                    "first choice because " + answer.route().candidates().get(0).reason());

            ChatRequest next = question.followedBy(answer.message(), Message.user("Now in another language"));
            ChatResponse streamed = architect.chat(next, System.out::print);
            System.out.println();
            System.out.println(streamed.model() + " cost " + streamed.cost().spent());
        }
    }
}
