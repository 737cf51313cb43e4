package dev.architect.router.yaml;

import dev.architect.error.FileProblem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One YAML file and everything that is wrong with it. A problem is one line: file, line, column, field, the value seen and the
 * value expected. Only the tree of nodes is built, never an object that the file names. Not safe for use by several threads.
 */
public final class YamlFile {

    /** The most bytes of a file. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 20;
    // Nested aliases can make a small file expand to gigabytes.
    private static final int MAX_ALIASES = 50;
    private static final int MAX_PROBLEMS = 100;
    private static final int MAX_REASON = 120;

    private final String name;
    private final List<FileProblem> problems = new ArrayList<>();

    /** Creates a file whose problems name it {@code name}. */
    public YamlFile(String name) {
        this.name = name;
    }

    /** Returns the text of {@code path}; empty when it cannot be read, which is then a problem. */
    public Optional<String> read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return unreadable("is a directory, expected a file");
            }
            // Before it is read, so that a wrong path to a large file does not fill the memory.
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                return unreadable("has " + size + " bytes, expected at most " + MAX_BYTES);
            }
            return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return unreadable("does not exist, expected a file");
        } catch (CharacterCodingException binary) {
            return unreadable("is not UTF-8 text, expected YAML");
        } catch (IOException failure) {
            return unreadable(
                    failure instanceof AccessDeniedException
                            ? "cannot be read by this user, expected a readable file"
                            : "cannot be read, expected a readable file");
        }
    }

    /** Returns the object that {@code text} holds; empty when it is not one, which is then a problem. */
    public Optional<YamlObject> parse(String text) {
        try {
            Node root = yaml().compose(new StringReader(text));
            if (root == null) {
                return unreadable("is empty, expected fields");
            }
            if (root instanceof MappingNode fields) {
                return Optional.of(new YamlObject(this, "", fields));
            }
            problem(root, "file", "is not an object, expected fields");
        } catch (MarkedYAMLException broken) {
            Mark mark = broken.getProblemMark();
            problem(
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "file",
                    "is not YAML: " + YamlObject.excerpt(String.valueOf(broken.getProblem()), MAX_REASON));
        } catch (YAMLException broken) {
            problem(
                    1,
                    1,
                    "file",
                    "is not YAML: " + YamlObject.excerpt(String.valueOf(broken.getMessage()), MAX_REASON));
        }
        return Optional.empty();
    }

    /** Everything that is wrong, in the order of the lines. */
    public List<FileProblem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(FileProblem::line).thenComparingInt(FileProblem::column))
                .toList();
    }

    /** Whether nothing is wrong so far. */
    public boolean isValid() {
        return problems.isEmpty();
    }

    /** Adds a problem of the object as a whole. */
    public void problem(YamlObject object, String seenAndExpected) {
        problem(object.line(), object.column(), object.path(), seenAndExpected);
    }

    void problem(Node node, String path, String seenAndExpected) {
        problem(line(node), column(node), path, seenAndExpected);
    }

    void problem(int line, int column, String path, String seenAndExpected) {
        // A file of another kind would otherwise bring a problem for each of its lines.
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new FileProblem(name, line, column, path, seenAndExpected));
        }
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static int column(Node node) {
        return node.getStartMark().getColumn() + 1;
    }

    private <T> Optional<T> unreadable(String what) {
        problems.add(FileProblem.ofFile(name, what));
        return Optional.empty();
    }

    private static Yaml yaml() {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MAX_BYTES);
        limits.setNestingDepthLimit(MAX_DEPTH);
        limits.setMaxAliasesForCollections(MAX_ALIASES);
        limits.setAllowRecursiveKeys(false);
        // Nodes are only composed, which constructs no object; the safe constructor holds where that should change.
        return new Yaml(new SafeConstructor(limits));
    }
}
