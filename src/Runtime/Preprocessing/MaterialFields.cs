using System.Numerics;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// What is done with the fields of an inference's material, one after another: they are written, read back, or counted. What
/// holds material names its fields once, in a method <c>Keep</c>, so that writer and reader cannot disagree. Lengths follow from
/// the plan and never from what is read. Numbers are little-endian, as in memory.
/// </summary>
internal abstract class MaterialFields
{
    public abstract void Keep(Span<byte> field);

    public void Keep(Span<ulong> field) => Keep(MemoryMarshal.AsBytes(field));

    public void Keep<TWord>(Span<TWord> field)
        where TWord : unmanaged, IBinaryInteger<TWord>
        => Keep(MemoryMarshal.AsBytes(field));

    public void Keep(Span<Block> field) => Keep(MemoryMarshal.AsBytes(field));

    public void Keep(ref ulong field) => Keep(new Span<ulong>(ref field));

    public void Keep(ref Block field) => Keep(new Span<Block>(ref field));
}
