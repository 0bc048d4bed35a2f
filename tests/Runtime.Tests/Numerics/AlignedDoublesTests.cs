using System.Runtime.InteropServices;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class AlignedDoublesTests
{
    [Fact]
    public void Memory_of_any_length_is_zero_and_starts_at_a_line()
    {
        foreach (var length in (int[])[1, 7, 8, 9, 1000, 100_000])
        {
            var memory = AlignedDoubles.Allocate(length);
            Assert.Equal(length, memory.Length);
            Assert.True(MemoryMarshal.TryGetArray<double>(memory, out var segment));
            Assert.Equal(0, Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset) % 64);
            Assert.False(memory.Span.ContainsAnyExcept(0));
        }

        Assert.True(AlignedDoubles.Allocate(0).IsEmpty);
    }
}
