using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Canonical;

/// <summary>Reads a padding as the pads of a window.</summary>
internal static class SpatialPads
{
    /// <summary>The window with the zero padding of its input made its own, or null where that is no spatial zero padding.</summary>
    public static SpatialWindow? Absorb(Pad pad, SpatialWindow window)
    {
        int rank = window.Rank + 2;
        if (pad.Value != 0 || pad.Pads[0] != 0 || pad.Pads[1] != 0 || pad.Pads[rank] != 0 || pad.Pads[rank + 1] != 0)
            return null;
        IntVector spatial = new([.. pad.Pads.AsSpan()[2..rank], .. pad.Pads.AsSpan()[(rank + 2)..]]);
        return window with { Pads = Sum(window.Pads, spatial) };
    }

    /// <exception cref="GraphException">A sum is out of range.</exception>
    public static IntVector Sum(IntVector a, IntVector b) => new([.. a.Zip(b, (x, y) => Shape.Dimension((long)x + y))]);
}
