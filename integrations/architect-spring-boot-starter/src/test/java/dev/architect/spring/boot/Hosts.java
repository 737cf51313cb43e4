package dev.architect.spring.boot;

import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** Hosts for tests, in the generation of Spring Boot that is on the class path. */
final class Hosts {

    private Hosts() {}

    /** The auto-configurations of the starter, in no order of ours. */
    static final AutoConfigurations STARTER = AutoConfigurations.of(
            ArchitectTransactionAutoConfiguration.class,
            ArchitectMetricsAutoConfiguration.class,
            ArchitectHealthAutoConfiguration.class,
            ArchitectAutoConfiguration.class);

    private static final AutoConfigurations DATABASE = AutoConfigurations.of(
            oneOf(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"),
            oneOf(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration"),
            oneOf(
                    "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration"),
            oneOf(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration",
                    "org.springframework.boot.autoconfigure.sql.init.SqlInitializationAutoConfiguration"),
            oneOf(
                    "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
                    "org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration"));

    /** The class of this generation: the names differ, and exactly one is there. */
    private static Class<?> oneOf(String... names) {
        ClassLoader loader = Hosts.class.getClassLoader();
        return Arrays.stream(names)
                .filter(name -> ClassUtils.isPresent(name, loader))
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, loader))
                .reduce((one, other) -> {
                    throw new IllegalStateException("both generations are on the class path: " + one + ", " + other);
                })
                .orElseThrow();
    }

    /** A host without a database. */
    static ApplicationContextRunner bare() {
        return new ApplicationContextRunner().withConfiguration(STARTER);
    }

    /** A host with a store in memory. */
    static ApplicationContextRunner inMemory() {
        return bare().withPropertyValues("architect.store.type=memory");
    }

    /** A host whose database is at {@code url}, with a transaction manager. */
    static ApplicationContextRunner on(String url) {
        return bare().withConfiguration(DATABASE).withPropertyValues("spring.datasource.url=" + url);
    }

    /** A host whose database is a SQLite file. */
    static ApplicationContextRunner onSqlite(Path file) {
        return on("jdbc:sqlite:" + file + "?busy_timeout=10000");
    }

    /** A worker of one type. */
    record TypedWorker(String type, Function<TaskContext, String> work) implements Worker {

        @Override
        public Set<String> types() {
            return Set.of(type);
        }

        @Override
        public String perform(TaskContext context) {
            return work.apply(context);
        }
    }

    /** Has a worker that returns what it is given. */
    @Configuration(proxyBeanMethods = false)
    static class Echo {

        @Bean
        Worker echo() {
            return new TypedWorker("echo", context -> context.request().payload());
        }
    }
}
