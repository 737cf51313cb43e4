package dev.architect.examples.springboot;

import dev.architect.Architect;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** A host with one {@link Architect}, which is a bean like any other. */
@SpringBootApplication
public class HostApplication {

    public static void main(String[] args) {
        SpringApplication.run(HostApplication.class, args);
    }

    /**
     * Spring closes it after the web server and the controllers, which end first because they use it: no request finds it closed, running
     * attempts end, and what has not ended goes on at the next start.
     */
    @Bean(destroyMethod = "close")
    Architect architect(Environment environment) {
        // Keys come from wherever Spring takes properties from: the environment, a file, a vault.
        SecretSource secrets = name -> Optional.ofNullable(environment.getProperty(name));
        ClaudeProvider.Builder claude = ClaudeProvider.builder(secrets);
        OpenAiProvider.Builder openAi = OpenAiProvider.builder(secrets);
        String simulator = environment.getProperty("architect.simulator", "");
        if (!simulator.isEmpty()) {
            claude.baseUrl(URI.create(simulator + "/claude"));
            openAi.baseUrl(URI.create(simulator + "/openai/v1"));
        }
        return Architect.builder()
                .store(SqliteStore.at(Path.of(environment.getProperty("architect.database", "architect.db"))))
                .provider(claude.build())
                .provider(openAi.build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .build();
    }
}
