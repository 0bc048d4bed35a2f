using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Reads NumPy's <c>.npy</c> format, versions 1 to 3, little-endian.</summary>
internal static partial class NpyReader
{
    /// <summary>As in NumPy.</summary>
    private const int MaxRank = 32;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="DataFormatException">The bytes are not such a file.</exception>
    public static Tensor Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 10 || !bytes.StartsWith(Magic))
            throw new DataFormatException("it is not an .npy file.");
        int version = bytes[6];
        int headerStart = version switch
        {
            1 => 10,
            2 or 3 => 12,
            _ => throw new DataFormatException($"version {version} of .npy is not known."),
        };
        long headerLength = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : bytes.Length < 12 ? throw new DataFormatException("the header is cut off.") : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (headerLength > bytes.Length - headerStart)
            throw new DataFormatException("the header is cut off.");
        string header = Encoding.UTF8.GetString(bytes.Slice(headerStart, (int)headerLength));
        return ReadElements(header, bytes[(headerStart + (int)headerLength)..]);
    }

    private static Tensor ReadElements(string header, ReadOnlySpan<byte> data)
    {
        ElementFormat format = Format(Entry(DescriptionPattern(), header, "descr"));
        bool fortran = Entry(OrderPattern(), header, "fortran_order") is "True";
        try
        {
            int[] dimensions = [.. Dimensions(Entry(ShapePattern(), header, "shape"))];
            if (dimensions.Length > MaxRank)
                throw new DataFormatException($"it has {dimensions.Length} axes.");
            Tensor tensor = format.Read(new Shape(fortran ? [.. dimensions.Reverse()] : dimensions), data);
            return fortran ? Transposed(tensor) : tensor;
        }
        catch (Exception e) when (e is GraphException or OverflowException)
        {
            throw new DataFormatException($"its data does not fit its header: {e.Message}", e);
        }
    }

    private static Tensor Transposed(Tensor tensor)
        => IR.Execution.FloatInterpreter.Evaluate(new IR.Operations.Transpose(new IntVector([.. Enumerable.Range(0, tensor.Shape.Rank).Reverse()])), [tensor]);

    private static ElementFormat Format(string description) => description switch
    {
        "<f4" => ElementFormat.Float32,
        "<f8" => ElementFormat.Float64,
        "<f2" => ElementFormat.Float16,
        "<i8" => ElementFormat.Int64,
        "<i4" => ElementFormat.Int32,
        "<i2" => ElementFormat.Int16,
        "<u8" => ElementFormat.UInt64,
        "<u4" => ElementFormat.UInt32,
        "<u2" => ElementFormat.UInt16,
        "|i1" or "<i1" => ElementFormat.Int8,
        "|u1" or "<u1" => ElementFormat.UInt8,
        "|b1" => ElementFormat.Bool,
        _ => throw new DataFormatException($"elements of type '{description}' are not supported; save little-endian floats or integers."),
    };

    private static IEnumerable<int> Dimensions(string list)
        => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(d => int.Parse(d, NumberStyles.None, CultureInfo.InvariantCulture));

    private static string Entry(Regex pattern, string header, string key)
    {
        Match match = pattern.Match(header);
        return match.Success ? match.Groups["value"].Value : throw new DataFormatException($"its header has no '{key}'.");
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"](?<value>[^'"]*)['"]""", RegexOptions.NonBacktracking)]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(?<value>True|False)""", RegexOptions.NonBacktracking)]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\((?<value>[0-9,\s]*)\)""", RegexOptions.NonBacktracking)]
    private static partial Regex ShapePattern();
}
