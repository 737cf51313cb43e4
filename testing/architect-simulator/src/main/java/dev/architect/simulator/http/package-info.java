/** An HTTP/1.1 server on loopback that can misbehave on purpose. */
@NullMarked
package dev.architect.simulator.http;

import org.jspecify.annotations.NullMarked;
