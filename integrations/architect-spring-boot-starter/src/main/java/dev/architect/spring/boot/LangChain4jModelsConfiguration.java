package dev.architect.spring.boot;

import dev.architect.langchain4j.ArchitectLangChain4jChatModel;
import dev.architect.langchain4j.ArchitectLangChain4jStreamingChatModel;
import dev.architect.langchain4j.LangChain4jProvider;
import dev.architect.spi.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chat models of LangChain4j that are beans take part as providers. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({LangChain4jProvider.class, ChatModel.class})
@ConditionalOnProperty(prefix = "architect.langchain4j", name = "enabled", matchIfMissing = true)
class LangChain4jModelsConfiguration {

    private static final String LIBRARY = "langchain4j";

    @Bean
    ProviderSource architectLangChain4jModels(ConfigurableListableBeanFactory beans, ArchitectProperties properties) {
        return new Models(new ChatModelBeans(beans, properties));
    }

    private record Models(ChatModelBeans beans) implements ProviderSource {

        @Override
        public Set<String> beanNames() {
            return new LinkedHashSet<>(beans.names(ChatModel.class, ArchitectLangChain4jChatModel.class));
        }

        @Override
        public List<ModelProvider> create() {
            Map<String, String> streaming = new HashMap<>();
            for (String bean : beans.names(StreamingChatModel.class, ArchitectLangChain4jStreamingChatModel.class)) {
                streaming.put(bean, bean);
                // The starters of LangChain4j call the pair openAiChatModel and openAiStreamingChatModel.
                streaming.putIfAbsent(bean.replaceFirst("Streaming", ""), bean);
            }
            List<ModelProvider> providers = new ArrayList<>();
            beans.grouped(List.copyOf(beanNames()), LIBRARY).forEach((provider, models) -> {
                LangChain4jProvider.Builder builder = LangChain4jProvider.builder(provider);
                models.forEach((model, bean) -> {
                    String streamed = streaming.get(bean);
                    builder.model(
                            model,
                            beans.bean(bean, ChatModel.class),
                            streamed == null ? null : beans.bean(streamed, StreamingChatModel.class));
                });
                providers.add(builder.build());
            });
            return providers;
        }
    }
}
