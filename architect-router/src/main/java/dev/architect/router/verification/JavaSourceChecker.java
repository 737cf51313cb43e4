package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Accepts answers whose blocks of Java code ({@code ```java}) compile, each alone or all together: as whole files, else as members of
 * a class, else as statements. Else the reason is {@code java-error}. The code is compiled in memory and never run: no annotation
 * processor runs, and no class file is kept. Only the platform's classes are on the class path, so the verdict on code that uses
 * others is {@link AnswerVerdict#unsure()}, and so it is without such a block, with more than 16 of them or more than 64 KiB of code, and
 * in a Java runtime without a compiler. Takes some tens of milliseconds and more for the first answer. Safe for use by several threads.
 */
public final class JavaSourceChecker implements AnswerChecker {

    private static final int MOST_BLOCKS = 16;
    private static final int MOST_CHARACTERS = 64 * 1024;
    private static final Pattern FENCE = Pattern.compile("(?ms)^[ \\t]*```java[ \\t]*\\R(.*?)^[ \\t]*```[ \\t]*$");
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^\\s*public\\s+(?:(?:abstract|final|sealed|non-sealed|strictfp)\\s+)*(?:class|interface|enum|record|@interface)\\s+(\\w+)");
    private static final AnswerVerdict REJECTED = AnswerVerdict.rejected("java-error");
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-classpath", "", "-sourcepath", "");

    /** What the compiler reports when a class is not there, which may be one of a library. */
    private static final Set<String> ABSENT = Set.of("compiler.err.doesnt.exist", "compiler.err.package.not.visible");

    /** Creates the checker. */
    public JavaSourceChecker() {}

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        List<String> blocks = blocks(answer.text());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int characters = blocks.stream().mapToInt(String::length).sum();
        if (compiler == null || blocks.isEmpty() || blocks.size() > MOST_BLOCKS || characters > MOST_CHARACTERS) {
            return AnswerVerdict.unsure();
        }
        Outcome together = compile(compiler, blocks);
        if (together == Outcome.COMPILED) {
            return AnswerVerdict.accepted();
        }
        boolean isAnyAbsent = together == Outcome.ABSENT;
        for (String block : blocks) {
            Outcome outcome = compileAnyForm(compiler, block);
            if (outcome == Outcome.WRONG) {
                return REJECTED;
            }
            isAnyAbsent = isAnyAbsent || outcome == Outcome.ABSENT;
        }
        return isAnyAbsent ? AnswerVerdict.unsure() : AnswerVerdict.accepted();
    }

    private static List<String> blocks(String text) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = FENCE.matcher(text);
        while (matcher.find() && blocks.size() <= MOST_BLOCKS) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private enum Outcome {
        COMPILED,
        WRONG,
        ABSENT
    }

    private static Outcome compileAnyForm(JavaCompiler compiler, String block) {
        boolean isAnyAbsent = false;
        String imports =
                block.lines().filter(line -> line.strip().startsWith("import ")).collect(Collectors.joining("\n"));
        String rest = block.lines()
                .filter(line -> !line.strip().startsWith("import "))
                .collect(Collectors.joining("\n"));
        for (String form : List.of(
                block,
                imports + "\nclass Members {\n" + rest + "\n}",
                imports + "\nclass Statements { void statements() throws Exception {\n" + rest + "\n} }")) {
            Outcome outcome = compile(compiler, List.of(form));
            if (outcome == Outcome.COMPILED) {
                return outcome;
            }
            isAnyAbsent = isAnyAbsent || outcome == Outcome.ABSENT;
        }
        return isAnyAbsent ? Outcome.ABSENT : Outcome.WRONG;
    }

    private static Outcome compile(JavaCompiler compiler, List<String> sources) {
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            Matcher type = TYPE.matcher(source);
            files.add(new Source(type.find() ? type.group(1) : "Block" + files.size(), source));
        }
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager platform = compiler.getStandardFileManager(found, null, null)) {
            if (compiler.getTask(null, new DiscardedOutput(platform), found, OPTIONS, null, files)
                    .call()) {
                return Outcome.COMPILED;
            }
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return found.getDiagnostics().stream()
                        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                        .anyMatch(each -> ABSENT.contains(each.getCode()))
                ? Outcome.ABSENT
                : Outcome.WRONG;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("mem:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class DiscardedOutput extends ForwardingJavaFileManager<JavaFileManager> {

        DiscardedOutput(JavaFileManager platform) {
            super(platform);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(
                    URI.create("mem:///" + className.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return OutputStream.nullOutputStream();
                }
            };
        }
    }
}
