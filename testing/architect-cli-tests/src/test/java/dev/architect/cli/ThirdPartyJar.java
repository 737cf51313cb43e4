package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A jar with a provider of a third party, which is compiled against the SPI alone and is no part of this build. */
final class ThirdPartyJar {

    private static final String PROVIDER = """
            package com.example.echo;

            import dev.architect.chat.ChatListener;
            import dev.architect.model.StopReason;
            import dev.architect.model.Capability;
            import dev.architect.model.ProviderHealth;
            import dev.architect.spi.ModelProvider;
            import dev.architect.spi.ProviderAnswer;
            import dev.architect.spi.ProviderCall;
            import dev.architect.spi.ProviderSettings;
            import java.util.Set;

            final class EchoProvider implements ModelProvider {
                private final ProviderSettings settings;

                EchoProvider(ProviderSettings settings) {
                    this.settings = settings;
                }

                @Override
                public String name() {
                    return settings.name();
                }

                @Override
                public Set<Capability> capabilities(String model) {
                    return Set.of(Capability.STREAMING);
                }

                @Override
                public ProviderAnswer chat(ProviderCall call) {
                    String greeting = settings.option("greeting").orElse("Hello");
                    return ProviderAnswer.builder(call.model(), greeting + ", " + call.request().prompt(), StopReason.COMPLETE)
                            .build();
                }

                @Override
                public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
                    ProviderAnswer answer = chat(call);
                    answer.replayTo(listener);
                    return answer;
                }

                @Override
                public ProviderHealth probe() {
                    return ProviderHealth.up();
                }

                @Override
                public void close() {}
            }
            """;

    private static final String FACTORY = """
            package com.example.echo;

            import dev.architect.spi.ModelProvider;
            import dev.architect.spi.ModelProviderFactory;
            import dev.architect.spi.ProviderSettings;
            import dev.architect.spi.SecretSource;
            import java.util.Set;

            public final class EchoProviderFactory implements ModelProviderFactory {
                @Override
                public String name() {
                    return "echo";
                }

                @Override
                public String keyName() {
                    return "ECHO_API_KEY";
                }

                @Override
                public KeyRequirement keyRequirement() {
                    return KeyRequirement.OPTIONAL;
                }

                @Override
                public Set<String> options() {
                    return Set.of("greeting");
                }

                @Override
                public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
                    settings.requireOptions(options());
                    return new EchoProvider(settings);
                }
            }
            """;

    private ThirdPartyJar() {}

    /** Compiles both classes below {@code folder} and returns the jar that holds them and lists the factory. */
    static Path build(Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("third-party/src"));
        Path classes = Files.createDirectories(folder.resolve("third-party/classes"));
        compile(
                List.of(
                        Files.writeString(sources.resolve("EchoProvider.java"), PROVIDER),
                        Files.writeString(sources.resolve("EchoProviderFactory.java"), FACTORY)),
                classes);
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("dev.architect.spi.ModelProviderFactory"), "com.example.echo.EchoProviderFactory\n");
        return pack(classes, folder.resolve("third-party/echo.jar"));
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
            boolean compiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    private static Path pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    out.putNextEntry(
                            new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, out);
                    out.closeEntry();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
        return jar;
    }

    /** Writes a configuration that names the provider and a policy for its only model, and returns the configuration. */
    static Path configuration(Path folder) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), """
                baseline: echo/parrot
                models:
                  - {model: echo/parrot, quality: 99, contextTokens: 8192}
                """);
        return Files.writeString(folder.resolve("architect.yaml"), """
                policy: policy.yaml
                providers:
                  echo:
                    options: {greeting: Good morning}
                """);
    }
}
