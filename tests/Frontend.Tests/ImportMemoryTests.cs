using System.Runtime.InteropServices;
using Google.Protobuf;
using PrivateInference.Frontend.Schema;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests;

public class ImportMemoryTests
{
    private const int Layers = 16, Width = 512;

    /// <summary>
    /// The parser reads a large field in pieces and joins them, which is twice the file, and the tensors are once more: 3
    /// times in all, of which the pieces are garbage at once. One more copy of the weights anywhere shows.
    /// </summary>
    [Fact]
    public void Importing_allocates_no_more_than_the_parser_and_the_tensors_need()
    {
        byte[] file = Perceptron();
        OnnxImporter.Import(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImportedModel model = OnnxImporter.Import(file);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(2 * Layers, model.Graph.Nodes.Count(n => n.Operation is not IR.Operations.Constant));
        Assert.InRange(allocated / (double)file.Length, 1, 3.3);
    }

    /// <summary>16 MB of weights in raw data.</summary>
    private static byte[] Perceptron()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x0", 1, Width);
        float[] weights = [.. Enumerable.Range(0, Width * Width).Select(i => 1f / (i + 1))];
        for (int i = 0; i < Layers; i++)
        {
            TensorProto tensor = new() { Name = $"w{i}", DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(weights)) };
            tensor.Dims.Add([Width, Width]);
            builder.Initializer(tensor).Node("MatMul", $"x{i} w{i}", $"m{i}").Node("Relu", $"m{i}", $"x{i + 1}");
        }

        return builder.Output($"x{Layers}").Bytes();
    }
}
