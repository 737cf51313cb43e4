package dev.architect.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A proxy that ends TLS before a server on loopback, as nginx does: it passes the host on, adds {@code X-Forwarded-For} and {@code
 * X-Forwarded-Proto}, and forwards WebSockets. The certificate is made for the test and is signed by itself.
 */
final class TlsProxy implements AutoCloseable {

    private static final String PASSWORD = "certificate of a test";
    private static final int SERVER_MILLIS = 20_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "tls-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final SSLServerSocket listening;
    private final SSLContext client;
    private volatile int target;

    /** Listens on a free port; the certificate is kept in {@code folder}. */
    TlsProxy(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore keys = certificate(folder.resolve("keys.p12"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        this.client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
        this.listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    private static KeyStore certificate(Path file) throws IOException, GeneralSecurityException, InterruptedException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "proxy",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /** The origin that a browser uses. */
    String origin() {
        return "https://localhost:" + listening.getLocalPort();
    }

    /** Trusts the certificate of this proxy. */
    SSLContext client() {
        return client;
    }

    /** Sets the port of the server on loopback. */
    void target(int port) {
        this.target = port;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket browser = listening.accept();
                threads.execute(() -> serve(browser));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** One request on each connection, so that what follows the header is its body, or a WebSocket. */
    private void serve(Socket browser) {
        try (browser;
                Socket server = new Socket()) {
            String header = header(browser);
            if (header.isEmpty()) {
                return;
            }
            SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
            server.connect(address, SERVER_MILLIS);
            server.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));
            threads.execute(() -> pump(browser, server));
            pump(server, browser);
        } catch (IOException ended) {
            // A browser tries connections that it does not use.
        }
    }

    private static String header(Socket browser) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream in = browser.getInputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            bytes.write(next);
        }
        List<String> lines = new ArrayList<>(
                List.of(bytes.toString(StandardCharsets.ISO_8859_1).strip().split("\r\n")));
        boolean isUpgrade =
                lines.stream().anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("upgrade:"));
        if (!isUpgrade) {
            lines.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("connection:"));
            lines.add("Connection: close");
        }
        lines.add("X-Forwarded-For: " + browser.getInetAddress().getHostAddress());
        lines.add("X-Forwarded-Proto: https");
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static void pump(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException ended) {
            // Either side has closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
