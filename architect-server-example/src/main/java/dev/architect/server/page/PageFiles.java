package dev.architect.server.page;

import dev.architect.server.rest.Access;
import dev.architect.server.rest.Endpoint;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The files of the pages: those of the login are public, the others require the token or a login. No other file is served. */
public final class PageFiles {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/svg+xml";

    private PageFiles() {}

    /** Returns the endpoints of all files. */
    public static List<Endpoint> endpoints() {
        return List.of(
                file("/login", "login.html", Access.PUBLIC, HTML),
                file("/page/base.css", "base.css", Access.PUBLIC, STYLE),
                file("/page/login.js", "login.js", Access.PUBLIC, SCRIPT),
                file("/page/icon.svg", "icon.svg", Access.PUBLIC, IMAGE),
                file("/", "overview.html", Access.PAGE, HTML),
                file("/llm-metrics", "llm-metrics.html", Access.PAGE, HTML),
                file("/tasks/{id}", "task.html", Access.PAGE, HTML),
                file("/page/dashboard.css", "dashboard.css", Access.TOKEN, STYLE),
                file("/page/overview.js", "overview.js", Access.TOKEN, SCRIPT),
                file("/page/llm-metrics.js", "llm-metrics.js", Access.TOKEN, SCRIPT),
                file("/page/live.js", "live.js", Access.TOKEN, SCRIPT),
                file("/page/dom.js", "dom.js", Access.TOKEN, SCRIPT),
                file("/page/format.js", "format.js", Access.TOKEN, SCRIPT),
                file("/page/chart.js", "chart.js", Access.TOKEN, SCRIPT),
                file("/page/task.js", "task.js", Access.TOKEN, SCRIPT),
                file("/page/task-page.js", "task-page.js", Access.TOKEN, SCRIPT));
    }

    private static Endpoint file(String path, String name, Access access, String type) {
        PageFile file = PageFile.of(path, access, type, read(name));
        return new Endpoint(HandlerType.GET, path, access, file::write);
    }

    private static byte[] read(String name) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("page file " + name + " is missing, expected it in the server's jar");
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException("page file " + name + " cannot be read", failure);
        }
    }
}
