package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.cost.PriceCatalogue;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Router;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spring.boot.ArchitectProperties.ChatModelProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/** {@link Architect} and its parts as beans. Each backs off when the host defines its own. */
@AutoConfiguration(
        afterName = {
            // Spring Boot 3.5
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration",
            // Spring Boot 4
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "architect", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(ArchitectProperties.class)
@Import({ArchitectAutoConfiguration.Parts.class, LangChain4jModelsConfiguration.class, SpringAiModelsConfiguration.class
})
public class ArchitectAutoConfiguration {

    /**
     * Claims tasks once the host has started, and hands them back before it stops.
     *
     * <p>A bean of its own, so that an {@code Architect} of the host's own making is treated alike.
     */
    @Bean
    @ConditionalOnMissingBean
    ArchitectLifecycle architectLifecycle(Architect architect) {
        return new ArchitectLifecycle(architect);
    }

    /** What an Architect is made of; all of it is left out when the host makes its own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Architect.class)
    static class Parts {

        /** Keys come from wherever Spring takes properties from: the environment, a file, a vault. */
        @Bean
        @ConditionalOnMissingBean
        SecretSource architectSecretSource(Environment environment) {
            return name -> Optional.ofNullable(environment.getProperty(name)).filter(value -> !value.isBlank());
        }

        @Bean
        @ConditionalOnMissingBean({RoutingPolicy.class, Router.Factory.class})
        RoutingPolicy architectRoutingPolicy(ArchitectProperties properties, ResourceLoader resources) {
            RoutingPolicy policy = policyOf(properties, resources);
            for (ChatModelProperties model : properties.chatModels().values()) {
                if (model.model() != null && model.quality() != null && model.contextTokens() != null) {
                    policy = policy.withModel(ModelPolicy.builder(model.model(), model.quality(), model.contextTokens())
                            .build());
                }
            }
            return policy;
        }

        private static RoutingPolicy policyOf(ArchitectProperties properties, ResourceLoader resources) {
            if (properties.policy() == null) {
                return RoutingPolicy.standard();
            }
            Resource file = resources.getResource(properties.policy());
            try {
                return RoutingPolicy.parse(file.getContentAsString(StandardCharsets.UTF_8));
            } catch (IOException missing) {
                throw new ArchitectConfigurationException(
                        "architect.policy is '" + properties.policy() + "', which cannot be read",
                        "Name a YAML file that is there, for example classpath:routing.yaml or file:/etc/app/routing.yaml.",
                        missing);
            } catch (PolicyException wrong) {
                throw new ArchitectConfigurationException(
                        "the routing policy " + properties.policy() + " is wrong: " + wrong.getMessage(),
                        "Mend the lines that the message names.",
                        wrong);
            }
        }

        @Bean
        @ConditionalOnMissingBean
        Router.Factory architectRouter(
                RoutingPolicy policy, ObjectProvider<PriceCatalogue> prices, ObjectProvider<MeterRegistry> meters) {
            CostAwareRouter.Builder router = CostAwareRouter.with(policy);
            prices.ifUnique(router::prices);
            meters.ifUnique(router::metrics);
            return router;
        }

        // After the host's own migrations: those of Flyway refuse a schema that has tables already.
        @Bean
        @ConditionalOnMissingBean(Store.class)
        @DependsOnDatabaseInitialization
        OpenedStore architectOpenedStore(
                ArchitectProperties properties,
                ConfigurableListableBeanFactory beans,
                ObjectProvider<TimeSource> time) {
            return new StoreOpener(properties.store(), beans, Optional.ofNullable(time.getIfUnique())).open();
        }

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean
        Store architectStore(OpenedStore opened) {
            return opened.store();
        }

        @Bean(destroyMethod = "close")
        Architect architect(
                ArchitectProperties properties,
                Environment environment,
                ConfigurableListableBeanFactory beans,
                Store store,
                Router.Factory router,
                SecretSource secrets) {
            return new ArchitectAssembly(properties, environment, beans, secrets).build(store, router);
        }
    }
}
