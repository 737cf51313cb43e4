package dev.architect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Price;
import dev.architect.ledger.Ledger;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.task.Task;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Calls what takes arguments into the core with null in place of each argument that is not {@code @Nullable}: the public
 * constructors, static methods, builder methods, methods that return a changed copy, and everything of the facade.
 */
final class NullArgumentsTest {

    private static final String REFUSAL = ".+ is null, expected a value";

    /** The facade, all of whose methods are entered by hosts. */
    private static final Set<Class<?>> FACADE = Set.of(
            Architect.class,
            ArchitectBuilder.class,
            Tasks.class,
            Providers.class,
            Sessions.class,
            ActivityLog.class,
            Records.class,
            Ledger.class);

    /** What is left out, and why. */
    private static final Map<String, String> LEFT_OUT =
            Map.of("cost.ReportPeriod$Between.resolve", "a fixed span means the same at any time");

    private static SampleValues samples;
    private static List<Executable> entries;

    @BeforeAll
    static void findEntries() throws IOException {
        samples = new SampleValues();
        entries = exportedTypes().stream()
                .flatMap(NullArgumentsTest::entriesOf)
                .filter(entry -> !LEFT_OUT.containsKey(nameOf(entry)))
                .toList();
    }

    @AfterAll
    static void close() {
        samples.close();
    }

    @Test
    void nullIsRefusedInTheWordsOfOtherMessages() {
        List<String> wrong = new ArrayList<>();
        for (Executable entry : entries) {
            for (int i = 0; i < entry.getParameterCount(); i++) {
                if (!entry.getParameterTypes()[i].isPrimitive() && !isNullable(entry, i)) {
                    check(entry, i, null, wrong);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void nullAmongElementsIsRefusedInTheSameWords() {
        List<String> wrong = new ArrayList<>();
        for (Executable entry : entries) {
            for (int i = 0; i < entry.getParameterCount(); i++) {
                Object withNull = isNullable(entry, i) ? null : withNullElement(entry.getParameterTypes()[i]);
                if (withNull != null) {
                    check(entry, i, withNull, wrong);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void theValuesThatTravelAreAmongThem() {
        Set<Class<?>> covered =
                entries.stream().map(Executable::getDeclaringClass).collect(Collectors.toSet());

        assertThat(covered)
                .contains(
                        ChatRequest.class,
                        ChatRequest.Builder.class,
                        Message.class,
                        TaskRequest.class,
                        Task.class,
                        AttemptEnd.class,
                        LedgerEntry.class,
                        Price.class,
                        ProviderAnswer.class,
                        ProviderException.Builder.class)
                .containsAll(
                        FACADE.stream().filter(type -> type != Providers.class).toList());
        assertThat(entries).hasSizeGreaterThan(200);
        assertThat(isNullable(method(ProviderException.Builder.class, "code"), 0))
                .isTrue();
        assertThat(isNullable(method(ProviderException.Builder.class, "usage"), 0))
                .isFalse();
    }

    @Test
    void findsWhatAcceptsNull() {
        List<String> wrong = new ArrayList<>();

        check(Planted.class.getDeclaredConstructors()[0], 0, null, wrong);

        assertThat(wrong).singleElement().asString().endsWith("(value): accepted");
    }

    private static void check(Executable entry, int index, @Nullable Object value, List<String> wrong) {
        String name = nameOf(entry) + "(" + entry.getParameters()[index].getName() + ")";
        try {
            Object[] arguments = samples.argumentsOf(entry);
            arguments[index] = value;
            if (entry instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                Method method = (Method) entry;
                Object target =
                        Modifier.isStatic(method.getModifiers()) ? null : samples.of(method.getDeclaringClass());
                method.invoke(target, arguments);
            }
            wrong.add(name + ": accepted");
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (!(cause instanceof IllegalArgumentException)
                    || !String.valueOf(cause.getMessage()).matches(REFUSAL)) {
                wrong.add(name + ": " + cause);
            }
        } catch (ReflectiveOperationException | RuntimeException failure) {
            wrong.add(name + ": no call, " + failure);
        }
    }

    private static @Nullable Object withNullElement(Class<?> type) {
        if (type == List.class || type == Collection.class) {
            return Collections.singletonList(null);
        }
        if (type == Set.class) {
            return Collections.singleton(null);
        }
        if (type == Map.class) {
            return Collections.singletonMap(null, null);
        }
        return type.isArray() && !type.getComponentType().isPrimitive()
                ? Array.newInstance(type.getComponentType(), 1)
                : null;
    }

    private static Stream<Executable> entriesOf(Class<?> type) {
        Stream<Executable> constructors = Stream.of(type.getConstructors());
        Stream<Executable> methods = Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        || FACADE.contains(type)
                        || (!type.isInterface() && returnsItsOwn(type, method)))
                .map(Executable.class::cast);
        return Stream.concat(constructors, methods).filter(entry -> entry.getParameterCount() > 0);
    }

    /** Methods of builders, and those that return a changed copy. */
    private static boolean returnsItsOwn(Class<?> type, Method method) {
        return method.getReturnType() == type && !method.getName().equals("compareTo");
    }

    private static boolean isNullable(Executable entry, int index) {
        AnnotatedType[] types = entry.getAnnotatedParameterTypes();
        if (types[index].isAnnotationPresent(Nullable.class)) {
            return true;
        }
        // Java 17 does not copy the annotations of components to the parameters of a compact constructor.
        Class<?> type = entry.getDeclaringClass();
        return type.isRecord()
                && entry instanceof Constructor
                && type.getRecordComponents().length == types.length
                && type.getRecordComponents()[index].getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Method method(Class<?> type, String name) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String nameOf(Executable entry) {
        String type = entry.getDeclaringClass().getName().substring("dev.architect.".length());
        return entry instanceof Constructor ? "new " + type : type + "." + entry.getName();
    }

    /** The public types of the exported packages but for enums and exceptions. */
    private static List<Class<?>> exportedTypes() throws IOException {
        Path classes = Path.of(URI.create(
                Check.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Set<String> packages;
        try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
            packages = ModuleDescriptor.read(descriptor).exports().stream()
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        List<Class<?>> types = new ArrayList<>();
        for (String name : packages) {
            try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                        .sorted()
                        .map(file -> load(name + "." + file.substring(0, file.length() - ".class".length())))
                        .filter(NullArgumentsTest::isPublic)
                        .filter(type -> !type.isEnum() && !Throwable.class.isAssignableFrom(type))
                        .forEach(types::add);
            }
        }
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Accepts everything, on purpose. */
    private record Planted(String value) {}
}
