package dev.architect.server.operation;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Which methods each path takes (RFC 9110, section 10.2.1). {@code HEAD} goes with {@code GET}, and {@code OPTIONS} with everything. Immutable. */
public final class PathMethods {

    private final List<Operation> operations;

    /** Creates the methods of {@code operations}. */
    public PathMethods(List<Operation> operations) {
        this.operations = List.copyOf(operations);
    }

    /** Returns the methods of the request's path with commas between them; empty when there is no such path. */
    public Optional<String> allowed(Context request) {
        TreeSet<String> methods = new TreeSet<>();
        String path = request.path();
        for (Operation operation : operations) {
            if (isAt(operation.path(), path)) {
                methods.add(operation.method().name());
                if (operation.method().equals(HandlerType.GET)) {
                    methods.add(HandlerType.HEAD.name());
                }
            }
        }
        if (methods.isEmpty()) {
            return Optional.empty();
        }
        methods.add(HandlerType.OPTIONS.name());
        return Optional.of(String.join(", ", methods));
    }

    /** Returns the distinct paths, for {@code OPTIONS}. */
    public List<String> paths() {
        return new ArrayList<>(
                new TreeSet<>(operations.stream().map(Operation::path).toList()));
    }

    /** A name in braces stands for any one part. */
    private static boolean isAt(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] parts = path.split("/", -1);
        if (wanted.length != parts.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            boolean isName = wanted[i].startsWith("{") && !parts[i].isEmpty();
            if (!isName && !wanted[i].equals(parts[i])) {
                return false;
            }
        }
        return true;
    }
}
