package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.spring.ai.ArchitectSpringAiChatModel;
import dev.architect.spring.ai.SpringAiProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chat models of Spring AI that are beans; Spring AI 2 needs Spring Boot 4. */
final class SpringAiModelsTest {

    @Test
    void theTestsOfThisModuleRunOnSpringBoot4() {
        assertThat(SpringBootVersion.getVersion()).startsWith("4.");
    }

    @Test
    void takePartUnderTheNameOfTheirBean() {
        Hosts.inMemory().withUserConfiguration(Models.class).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(ProviderPropertiesTest.providers(host)).containsExactly("spring-ai");
        });
    }

    @Test
    void takePartInThePolicyAsThePropertiesSay() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues(
                        "architect.chat-models.smallModel.model=mistral/small",
                        "architect.chat-models.smallModel.quality=70",
                        "architect.chat-models.smallModel.context-tokens=32000")
                .run(host -> {
                    assertThat(ProviderPropertiesTest.providers(host)).containsExactly("mistral");
                    assertThat(host.getBean(Architect.class)
                                    .chat(ChatRequest.builder("hello")
                                            .model(ModelId.parse("mistral/small"))
                                            .build())
                                    .text())
                            .isEqualTo("small");
                });
    }

    @Test
    void architectAsAModelAsksItselfNoQuestions() {
        Hosts.inMemory().withUserConfiguration(Models.class, Itself.class).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(ProviderPropertiesTest.providers(host)).containsExactly("spring-ai");
        });
    }

    @Test
    void canBeLeftOut() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues("architect.spring-ai.enabled=false")
                .run(host -> assertThat(ProviderPropertiesTest.providers(host)).isEmpty());
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withClassLoader(new FilteredClassLoader(SpringAiProvider.class))
                .run(host -> assertThat(ProviderPropertiesTest.providers(host)).isEmpty());
    }

    @Configuration(proxyBeanMethods = false)
    static class Models {

        @Bean
        ChatModel smallModel() {
            return prompt -> new ChatResponse(List.of(new Generation(new AssistantMessage("small"))));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Itself {

        @Bean
        ArchitectSpringAiChatModel itself(Architect architect) {
            return ArchitectSpringAiChatModel.of(architect);
        }
    }
}
