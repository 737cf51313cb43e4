package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class ClosedPortTest {

    @Test
    void refusesConnectionsAndIsGivenToNoOtherUntilItIsClosed() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        int number;
        try (ClosedPort port = new ClosedPort()) {
            number = port.number();
            assertThatThrownBy(() -> new Socket(loopback, port.number()).close())
                    .isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> new ServerSocket(port.number(), 1, loopback).close())
                    .isInstanceOf(BindException.class);
        }
        try (ServerSocket taken = new ServerSocket(number, 1, loopback)) {
            assertThat(taken.getLocalPort()).isEqualTo(number);
        }
    }
}
