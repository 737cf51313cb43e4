package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.spi.Store;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health indicator {@code architect}, in the words of the Spring Boot that is there. */
@AutoConfiguration(
        after = ArchitectAutoConfiguration.class,
        beforeName = {
            // Spring Boot 3.5
            "org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration",
            // Spring Boot 4
            "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration"
        })
@ConditionalOnProperty(prefix = "architect", name = "enabled", matchIfMissing = true)
@ConditionalOnBean({Architect.class, Store.class})
public class ArchitectHealthAutoConfiguration {

    /** Spring Boot 3.5. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class ActuatorHealth {

        @Bean
        @ConditionalOnMissingBean(name = "architectHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("architect")
        HealthIndicator architectHealthIndicator(Architect architect, Store store) {
            ArchitectHealth health = new ArchitectHealth(architect, store);
            return () -> {
                ArchitectHealth.Report report = health.report();
                return (report.isUp() ? Health.up() : Health.down())
                        .withDetails(report.details())
                        .build();
            };
        }
    }

    /** Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({
        org.springframework.boot.health.contributor.HealthIndicator.class,
        org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator.class
    })
    static class ContributorHealth {

        @Bean
        @ConditionalOnMissingBean(name = "architectHealthIndicator")
        @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator("architect")
        org.springframework.boot.health.contributor.HealthIndicator architectHealthIndicator(
                Architect architect, Store store) {
            ArchitectHealth health = new ArchitectHealth(architect, store);
            return () -> {
                ArchitectHealth.Report report = health.report();
                return (report.isUp()
                                ? org.springframework.boot.health.contributor.Health.up()
                                : org.springframework.boot.health.contributor.Health.down())
                        .withDetails(report.details())
                        .build();
            };
        }
    }
}
