"""The work of `npm run bench -- images TASK` by nibabel, SciPy, scikit-image and intensity-normalization.

    python incumbents.py TASK FOLDER RUNS

Prints JSON: seconds of each run, the program's name and version, and the numbers by which both sides are compared.
"""

import json
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")
task, folder, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
side = json.loads((folder / "inputs.json").read_text())["side"]
shape = (side, side, side)


def volume(name, dtype):
    return np.fromfile(folder / name, dtype=dtype).reshape(shape)


def read():
    import nibabel

    path = folder / "scan.nii.gz"
    # The numbers as stored, as ours gives them: get_fdata would also turn them to floats.
    return "nibabel", lambda: np.asanyarray(nibabel.load(path).dataobj).T


def resample():
    from scipy import ndimage

    image = volume("a.float32", np.float32)
    # The index affine in (i, j, k) of ours, turned into SciPy's order of axes (k, j, i).
    m = np.array(json.loads((folder / "inputs.json").read_text())["matrix"]).reshape(4, 4)
    matrix, offset = m[:3, :3][::-1, ::-1], m[:3, 3][::-1]
    return "scipy", lambda: ndimage.affine_transform(image, matrix, offset, order=1, mode="constant", output=np.float32)


def histogram(kind):
    from skimage.exposure import match_histograms

    source, reference = volume(f"a.{kind}", kind), volume(f"b.{kind}", kind)
    return "scikit-image", lambda: match_histograms(source, reference)


def nyul(kind):
    from intensity_normalization.normalizers.population.nyul import NyulNormalizer

    class Image:
        def __init__(self, data):
            self.data = data

        def get_data(self):
            return self.data

        def with_data(self, data):
            return Image(data)

    images = [Image(volume(f"{name}.{kind}", kind)) for name in "ab"]
    return "intensity-normalization", lambda: NyulNormalizer().fit_population(images).transform(images[0]).data


tasks = {
    "read": read,
    "resample": resample,
    **{f"histogram-{kind}": (lambda kind=kind: histogram(kind)) for kind in ("uint8", "int16", "float32")},
    **{f"nyul-{kind}": (lambda kind=kind: nyul(kind)) for kind in ("uint8", "int16", "float32")},
}
package, work = tasks[task]()
seconds = []
for _ in range(runs):
    started = time.perf_counter()
    result = work()
    seconds.append(time.perf_counter() - started)
places = np.arange(0, side**3, 9973)
told = np.asarray(result, dtype=np.float64).ravel()[places]
print(json.dumps({"program": f"{package} {version(package)}", "seconds": seconds, "numbers": told.tolist()}))
