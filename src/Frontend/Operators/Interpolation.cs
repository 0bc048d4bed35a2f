using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// How a resize maps positions and mixes neighbours: the formulas of the ONNX Resize operator. A position lies between
/// the neighbours ⌈x⌉ − 1 and ⌈x⌉, so that a whole one has all its weight on the right.
/// </summary>
internal sealed class Interpolation
{
    private const double DefaultCubic = -0.75;

    private readonly string _mode;
    private readonly string _coordinates;
    private readonly string _nearest;
    private readonly double _cubic;
    private readonly bool _excludeOutside;
    private readonly bool _antialias;
    private readonly float _extrapolation;

    private Interpolation(ImportContext context, string coordinates, string nearest)
    {
        _mode = context.Attributes.Text("mode", "nearest");
        if (_mode is not ("nearest" or "linear" or "bilinear" or "cubic"))
            throw ImportException.Unsupported($"its mode is '{_mode}'.", "Resize by nearest neighbours.");
        _coordinates = coordinates;
        _nearest = nearest;
        _cubic = context.Attributes.Float("cubic_coeff_a", (float)DefaultCubic);
        _excludeOutside = context.Attributes.Flag("exclude_outside");
        _antialias = context.Attributes.Flag("antialias");
        _extrapolation = context.Attributes.Float("extrapolation_value", absent: 0);
    }

    /// <summary>Whether the region input says what to crop.</summary>
    public bool NeedsRegion => _coordinates is "tf_crop_and_resize";

    public static Interpolation Read(ImportContext context) => new(
        context,
        context.Attributes.Text("coordinate_transformation_mode", "half_pixel"),
        context.Attributes.Text("nearest_mode", "round_prefer_floor"));

    /// <summary>Before operator set 11 there was one rule.</summary>
    public static Interpolation Legacy(ImportContext context) => new(context, "asymmetric", "floor");

    /// <summary>Whether each element of the result copies one of the input.</summary>
    public bool OnlyCopies(ResizedAxis axis)
        => _mode is "nearest" && (!NeedsRegion || !Enumerable.Range(0, axis.OutputSize).Any(i => IsOutside(axis, Position(axis, i))));

    /// <summary>The element that an element of the result copies.</summary>
    public int NearestPosition(ResizedAxis axis, int output) => Nearest(axis, Position(axis, output));

    /// <summary>weights[input, output], and what the results outside the input are.</summary>
    public (float[] Weights, float[] Constants) Matrix(ResizedAxis axis)
    {
        float[] weights = new float[axis.InputSize * axis.OutputSize], constants = new float[axis.OutputSize];
        for (int output = 0; output < axis.OutputSize; output++)
        {
            double position = Position(axis, output);
            if (IsOutside(axis, position))
                constants[output] = _extrapolation;
            else if (_mode is "nearest")
                weights[(Nearest(axis, position) * axis.OutputSize) + output] = 1;
            else
                AddRow(axis, position, weights, output);
        }

        return (weights, constants);
    }

    private void AddRow(ResizedAxis axis, double position, float[] weights, int output)
    {
        double shrink = _antialias ? Math.Min(axis.Scale, 1) : 1;
        int left = (int)Math.Ceiling(position) - 1, radius = (int)Math.Floor(-(_mode is "cubic" ? 2 : 1) / shrink) + 1;
        List<(int Index, double Weight)> taps = [];
        for (int tap = radius; tap < 2 - radius; tap++)
        {
            int index = left + tap;
            if (!_excludeOutside || (index >= 0 && index < axis.InputSize))
                taps.Add((Math.Clamp(index, 0, axis.InputSize - 1), Weight((tap - (position - left)) * shrink)));
        }

        double sum = _excludeOutside || _antialias ? taps.Sum(t => t.Weight) : 1;
        foreach ((int index, double weight) in taps)
            weights[(index * axis.OutputSize) + output] += (float)(weight / sum);
    }

    /// <summary>The kernel: a triangle, or Keys's cubic convolution.</summary>
    private double Weight(double distance)
    {
        double x = Math.Abs(distance), a = _cubic;
        if (_mode is not "cubic")
            return Math.Max(0, 1 - x);
        return x switch
        {
            <= 1 => ((((a + 2) * x) - (a + 3)) * x * x) + 1,
            < 2 => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a),
            _ => 0,
        };
    }

    /// <summary>
    /// Where the element of the result lies in the input. The size after scaling is not rounded, as in the reference
    /// implementation of ONNX.
    /// </summary>
    private double Position(ResizedAxis axis, int output)
    {
        double size = axis.InputSize, scaled = axis.Scale * size;
        return _coordinates switch
        {
            "half_pixel" => HalfPixel(axis, output),
            "half_pixel_symmetric" => (size / 2 * (1 - (axis.OutputSize / scaled))) + HalfPixel(axis, output),
            "pytorch_half_pixel" => axis.OutputSize > 1 ? HalfPixel(axis, output) : 0,
            "align_corners" => scaled > 1 ? output * (size - 1) / (scaled - 1) : 0,
            "asymmetric" => output / axis.Scale,
            "tf_half_pixel_for_nn" => (output + 0.5) / axis.Scale,
            "tf_crop_and_resize" when axis.OutputSize > 1 => (axis.RegionStart * (size - 1)) + (output * (axis.RegionEnd - axis.RegionStart) * (size - 1) / (axis.OutputSize - 1)),
            "tf_crop_and_resize" => 0.5 * (axis.RegionStart + axis.RegionEnd) * (size - 1),
            _ => throw ImportException.Unsupported($"its coordinates are '{_coordinates}'."),
        };
    }

    private static double HalfPixel(ResizedAxis axis, int output) => ((output + 0.5) / axis.Scale) - 0.5;

    private bool IsOutside(ResizedAxis axis, double position) => NeedsRegion && (position < 0 || position > axis.InputSize - 1);

    private int Nearest(ResizedAxis axis, double position)
    {
        double rounded = _nearest switch
        {
            "round_prefer_floor" => Math.Ceiling(position - 0.5),
            "round_prefer_ceil" => Math.Floor(position + 0.5),
            "floor" => Math.Floor(position),
            "ceil" => Math.Ceiling(position),
            _ => throw ImportException.Unsupported($"it rounds by '{_nearest}'."),
        };
        return (int)Math.Clamp(rounded, 0, axis.InputSize - 1);
    }
}
