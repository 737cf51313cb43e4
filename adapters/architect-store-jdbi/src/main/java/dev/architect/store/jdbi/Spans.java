package dev.architect.store.jdbi;
import java.util.concurrent.*; import java.util.concurrent.atomic.*;
public class Spans { static final ConcurrentHashMap<String,long[]> M=new ConcurrentHashMap<>();
 public static void add(String k,long t,long n){ long[] a=M.computeIfAbsent(k,x->new long[3]); long d=System.nanoTime()-t; synchronized(a){a[0]+=d;a[1]++;a[2]+=n;} }
 public static void dump(double per){ M.forEach((k,a)->System.out.printf("   %-14s %8.1f ms  calls %d  n %d  %.2f us/task%n",k,a[0]/1e6,a[1],a[2],a[0]/1e3/per)); M.clear(); } }
