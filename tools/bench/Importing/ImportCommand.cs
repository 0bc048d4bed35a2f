using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using PrivateInference.Frontend;

namespace PrivateInference.Benchmarks.Importing;

/// <summary>
/// <c>bench import [MODEL.onnx]</c>: what importing a file takes in time and memory, in a process that does nothing else.
/// Without a file, one of the size of ResNet-50 is generated.
/// </summary>
internal static class ImportCommand
{
    private const string Child = "--only";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [Child, string file])
            return Measure(file);
        string model = arguments is [string given] ? given : Generate();
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "bench.dll"), "import", Child, model]);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("'dotnet' did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string Generate()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench", "import")).FullName;
        string path = Path.Combine(folder, "resnet50.onnx");
        using FileStream file = File.Create(path);
        ResNet50Model.Create().WriteTo(file);
        return path;
    }

    private static int Measure(string path)
    {
        long size = new FileInfo(path).Length, before = PeakBytes();
        Stopwatch watch = Stopwatch.StartNew();
        ImportedModel model = OnnxImporter.Import(path);
        TimeSpan time = watch.Elapsed;
        long peak = PeakBytes(), allocated = GC.GetTotalAllocatedBytes();
        GC.KeepAlive(model);
        string Row(string name, long bytes) => string.Create(CultureInfo.InvariantCulture, $"| {name} | {bytes / 1e6:0} MB | {bytes / (double)size:0.00}× |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {model.Graph.Nodes.Length} nodes in {time.TotalSeconds:0.00} s | | ÷ file |\n|---|---:|---:|"));
        Console.WriteLine(Row("file", size));
        Console.WriteLine(Row("allocated in all", allocated));
        Console.WriteLine(Row("peak resident memory of the process", peak));
        Console.WriteLine(Row("of that, before the import", before));
        return 0;
    }

    private static long PeakBytes()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
